import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Arrivals } from '../../bench/endpoints/arrivals.ts';
import { whyNoNativeProgram } from '../../bench/endpoints/native-program.ts';
import { LARGE_VIDEO, VOICE } from '../../bench/endpoints/stream-plan.ts';
import { Janus, whyNoJanus } from '../../bench/systems/janus.ts';
import { JanusProcess, ownAddress } from '../../bench/systems/janus-process.ts';
import { presentJanus } from '../../scripts/setup/janus.mjs';
import { until } from '../support/until.ts';

const program = presentJanus(process.env);
const missing =
  program === undefined
    ? 'Janus is not here; a bench that compares with it gets it'
    : (whyNoJanus() ?? (await whyNoNativeProgram('rtp-endpoints')));
if (missing) process.stderr.write(`skipped: ${missing}\n`);

const SENDING_MS = 1_000;

describe.skipIf(missing !== undefined).each([
  ['a thread for each end', 0],
  ['two event loops', 2],
])('Janus with %s', (_, eventLoops) => {
  let janus: Janus;

  beforeEach(async () => {
    janus = await Janus.open(program ?? '', { eventLoops });
  });

  afterEach(() => janus.close());

  /** What comes of sending for a while, as soon as so much of it has arrived. */
  async function send(enough: (arrivals: Arrivals) => boolean) {
    janus.endpoints.measure();
    janus.endpoints.setSending({ on: true });
    await pause(SENDING_MS);
    janus.endpoints.setSending({ on: false });
    return until('it has arrived', async () => {
      const arrivals = await janus.endpoints.report();
      return enough(arrivals) ? arrivals : undefined;
    });
  }

  test('three others receive every packet of a camera and a microphone, and can open it', async () => {
    const speaker = await janus.join();
    await speaker.publish([LARGE_VIDEO, VOICE]);
    for (let others = 0; others < 3; others += 1) await (await janus.join()).subscribe([speaker]);
    const { sentVideo, sentAudio, opened, ...arrivals } = await send(
      (now) => now.receivedVideo + now.receivedAudio >= 3 * (now.sentVideo + now.sentAudio),
    );
    expect(sentVideo).toBeGreaterThan(100);
    expect(sentAudio).toBeGreaterThan(30);
    expect(opened).toBeGreaterThan(3);
    expect(arrivals).toMatchObject({ receivedVideo: 3 * sentVideo, receivedAudio: 3 * sentAudio });
    expect(arrivals).toMatchObject({ unreadable: 0, refused: 0, refusedRtcp: 0, duplicates: 0, others: 0 });
    expect(arrivals).toMatchObject({ flowingVideo: 3, flowingAudio: 3 });
  });

  test('who looks at somebody else receives them and no longer the others', async () => {
    const people = await Promise.all(Array.from({ length: 3 }, () => janus.join()));
    const [first, second, third] = people;
    if (!first || !second || !third) throw new Error('nobody');
    for (const person of people) await person.publish([LARGE_VIDEO, VOICE]);
    await first.subscribe([second]);
    await first.subscribe([second, third]);
    await first.subscribe([third]);
    const arrivals = await send(({ receivedVideo, receivedAudio }) => receivedVideo >= 10 && receivedAudio >= 15);
    expect(arrivals).toMatchObject({ expectedVideo: 1, expectedAudio: 1, others: 0, unreadable: 0, refused: 0 });
  });
});

test.skipIf(missing !== undefined)('it runs as it was configured', async () => {
  const janus = await JanusProcess.open({ program: program ?? '', eventLoops: 3 });
  try {
    const said = await janus.session.request({ janus: 'info', session_id: undefined });
    expect(said).toMatchObject({
      'static-event-loops': 3,
      'local-ip': ownAddress(),
      'ice-lite': true,
      'ice-tcp': false,
      'full-trickle': false,
      'session-timeout': 0,
      'min-nack-queue': 200,
      'twcc-period': 200,
      event_handlers: false,
      events: {},
      loggers: {},
      plugins: { 'janus.plugin.videoroom': {} },
      transports: { 'janus.transport.websockets': {} },
    });
    expect(Object.keys({ ...Object(said).plugins, ...Object(said).transports })).toHaveLength(2);
  } finally {
    await janus.close();
  }
});

describe.skipIf(missing !== undefined)('nothing of Janus is left', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'conclave-test-'));
    vi.stubEnv('TMPDIR', folder);
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  test('when it has been closed; and no file while it runs', async () => {
    const janus = await Janus.open(program ?? '', { eventLoops: 2 });
    const [pid] = janus.pids;
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
    await janus.close();
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  });

  test('when it does not start, which it says', async () => {
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(join(elsewhere, 'bin'), { recursive: true });
    symlinkSync(join(dirname(program ?? ''), '..', 'lib'), join(elsewhere, 'lib'));
    const broken = join(elsewhere, 'bin', 'janus');
    writeFileSync(broken, '#!/bin/sh\necho no Janus here\nexit 1\n', { mode: 0o755 });
    await expect(Janus.open(broken, { eventLoops: 1 })).rejects.toThrow('Janus did not start: no Janus here');
    expect(readdirSync(folder)).toEqual(['elsewhere']);
  });
});
