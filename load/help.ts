import { statsOf } from './assertion.ts';
import { METRIC_NAMES, METRICS } from './metrics.ts';
import { DEFAULTS } from './options.ts';

/** What `--help` prints: enough to work with, without a manual. */
export function helpText(): string {
  const metrics = METRIC_NAMES.map((name) => {
    const metric = METRICS[name];
    return `  ${name.padEnd(15)}${metric.says} (${statsOf(metric).join(' ')})`;
  });
  return `Fills a Conclave server with participants and says what it carries.

  npm run load                                          starts a server on loopback: a first figure
  npm run load -- --url http://calls.test:4400 --rooms 2 --participants 8 --publishers 4
  npm run load -- --participant browser:4,bot:20 --assert 'join.p95<1500ms'
  npm run load -- --find-max --max 100 --assert 'seen.total>=99%'

Where
  --url URL              an origin whose server gives development tokens, or an invite link; without it the built
                         server is started here, on loopback
  --metrics-url URL      the server's /metrics, when it can be reached from here: its load is shown beside the figures

Who
  --rooms N              rooms, filled side by side (${DEFAULTS.rooms})
  --participants N       in each room (${DEFAULTS.participants}, or as many as the shares below)
  --publishers N         of these, who send camera and microphone; the others only receive (${DEFAULTS.publishers})
  --participant KIND     bot: real protocol, keys and media, decodes nothing; about 60 a core (${DEFAULTS.participant})
                         browser: the call page in headless Chromium, encodes and decodes; 2 to 4 a core
                         rtp: signaling and native ends of RTP, without keys; hundreds a core; beside other kinds
                         it only receives
                         or shares of several, such as browser:2,bot:6
  --layout CxR           the grid that each shows, one's own tile in it, 1x1 to 5x5 (${DEFAULTS.layout})

How long
  --ramp RATE            how fast they come, such as 2/s or 30/m (${DEFAULTS.ramp})
  --duration TIME        from when everybody is there (${DEFAULTS.duration}; with --find-max ${DEFAULTS.stepDuration} for each step)

What has to hold
  --assert 'METRIC.STAT<VALUE'
                         may be repeated; also <= > >= ==. Units: ms s, %, /s
  --find-max             grows --participants step by step, and says the most that held: everybody came, 99 % of the
                         packets and of the videos too, and each --assert
  --max N                where that ends, in each room (${DEFAULTS.max})

What comes out
  --out FOLDER           report.json and report.html, one file that opens without a network (${DEFAULTS.out})
  --json                 print the report as JSON in place of the table

Exit code: 0 all held; 1 an assertion failed, or no step held; 2 it could not run; 130 stopped by Ctrl-C, with the report so far.

Metrics
${metrics.join('\n')}

More: docs/load.md
`;
}
