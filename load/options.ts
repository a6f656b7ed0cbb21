import { parseArgs } from 'node:util';
import { fromFragment } from '../src/client/call-secret.ts';
import { type Assertion, parseAssertion } from './assertion.ts';
import { type Layout, parseLayout } from './layout.ts';
import { type Mix, parseMix, sharesOf } from './mix.ts';
import { parseCount, parseDurationMs, parseRatePerSecond, quoted } from './units.ts';
import { UsageError } from './usage-error.ts';

/** Where the load goes. */
export type Target =
  /** A server that the driver starts itself, on loopback, and stops. */
  | { readonly kind: 'own' }
  /** Rooms of its own on a server that gives development tokens. */
  | { readonly kind: 'origin'; readonly origin: string }
  /** A room that others may be in too. */
  | { readonly kind: 'link'; readonly link: string };

export interface LoadOptions {
  readonly target: Target;
  readonly rooms: number;
  /** In each room; with `findMax` in the first step. */
  readonly participants: number;
  /** In each room. */
  readonly publishers: number;
  readonly mix: Mix;
  readonly rampPerSecond: number;
  /** From when everybody is there. */
  readonly durationMs: number;
  readonly layout: Layout;
  readonly assertions: readonly Assertion[];
  /** The largest step, in participants in each room; `undefined` for a single run. */
  readonly findMax: number | undefined;
  /** `undefined`: the server's figures are not known, but for the own server. */
  readonly metricsUrl: string | undefined;
  /** Where report.json and report.html go. */
  readonly out: string;
  /** The report goes to stdout too, in place of the table. */
  readonly json: boolean;
}

export type Command = { readonly kind: 'help' } | { readonly kind: 'run'; readonly options: LoadOptions };

export const DEFAULTS = {
  rooms: '1',
  participants: '8',
  publishers: '4',
  participant: 'bot',
  ramp: '2/s',
  duration: '60s',
  /** Of one step: there are many. */
  stepDuration: '20s',
  layout: '3x3',
  max: '200',
  out: 'load-report',
} as const;

const MOST_ROOMS = 1_000;
/** A room takes so many by default, and 300 listeners beside them. */
const MOST_PARTICIPANTS = 500;

/** What was typed. @throws UsageError with one line for whoever typed it. */
export function parseOptions(args: readonly string[]): Command {
  const typed = parsed(args);
  if (typed.help) return { kind: 'help' };
  const target = parseTarget(typed.url);
  const mix = named('--participant', () => parseMix(typed.participant ?? DEFAULTS.participant));
  const rooms = named('--rooms', () => parseCount(typed.rooms ?? DEFAULTS.rooms, { least: 1, most: MOST_ROOMS }));
  const inRoom = { least: 1, most: MOST_PARTICIPANTS };
  const shares = sharesOf(mix) > 1 ? `${sharesOf(mix)}` : DEFAULTS.participants;
  const participants = named('--participants', () => parseCount(typed.participants ?? shares, inRoom));
  const publishers = named('--publishers', () =>
    parseCount(typed.publishers ?? `${Math.min(participants, Number(DEFAULTS.publishers))}`, { ...inRoom, least: 0 }),
  );
  const findMax = typed['find-max'] ? named('--max', () => parseCount(typed.max ?? DEFAULTS.max, inRoom)) : undefined;
  if (findMax === undefined && typed.max !== undefined) throw new UsageError('--max belongs to --find-max');
  if (findMax === undefined && publishers > participants)
    throw new UsageError(`--publishers ${publishers} are more than --participants ${participants}`);
  if (findMax !== undefined && findMax < participants)
    throw new UsageError(`--max ${findMax} is less than --participants ${participants}, with which the search begins`);
  if (target.kind === 'link' && rooms > 1)
    throw new UsageError('an invite link is one room: give --url an origin (http://host:port) to fill several');
  const durationMs = named('--duration', () =>
    parseDurationMs(typed.duration ?? (findMax === undefined ? DEFAULTS.duration : DEFAULTS.stepDuration)),
  );
  if (durationMs < 1_000) throw new UsageError('--duration: a run takes a second at least');
  return {
    kind: 'run',
    options: {
      target,
      rooms,
      participants,
      publishers,
      mix,
      findMax,
      durationMs,
      rampPerSecond: named('--ramp', () => parseRatePerSecond(typed.ramp ?? DEFAULTS.ramp)),
      layout: named('--layout', () => parseLayout(typed.layout ?? DEFAULTS.layout)),
      assertions: (typed.assert ?? []).map(parseAssertion),
      metricsUrl: typed['metrics-url'] === undefined ? undefined : parseUrl('--metrics-url', typed['metrics-url']).href,
      out: typed.out ?? DEFAULTS.out,
      json: typed.json ?? false,
    },
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        url: { type: 'string' },
        rooms: { type: 'string' },
        participants: { type: 'string' },
        publishers: { type: 'string' },
        participant: { type: 'string' },
        ramp: { type: 'string' },
        duration: { type: 'string' },
        layout: { type: 'string' },
        assert: { type: 'string', multiple: true },
        'find-max': { type: 'boolean' },
        max: { type: 'string' },
        'metrics-url': { type: 'string' },
        out: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0] ?? ''); // behind it stands advice about `--`
  }
}

function parseTarget(text: string | undefined): Target {
  if (text === undefined) return { kind: 'own' };
  const url = parseUrl('--url', text);
  if (url.pathname === '/' && url.hash === '') return { kind: 'origin', origin: url.origin };
  const secret = fromFragment(url.hash);
  if (!/^\/call\/[A-Za-z0-9_-]{1,128}$/.test(url.pathname) || !secret)
    throw new UsageError(
      `--url: neither an origin nor a whole invite link (…/call/<room>#k=<secret>): ${quoted(text)}`,
    );
  if (secret.lobby) throw new UsageError('--url: that link has a lobby, and nobody would admit the participants');
  return { kind: 'link', link: url.href };
}

function parseUrl(option: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && ['http:', 'https:'].includes(url.protocol)) return url;
  throw new UsageError(`${option}: not an http or https URL: ${quoted(text)}`);
}

function named<T>(option: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${option}: ${error.message}`);
    throw error;
  }
}
