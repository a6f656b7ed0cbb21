import { type Counts, grown, NO_COUNTS, sumOfDrops } from './counts.ts';
import type { Measurement, Tick } from './measurement.ts';
import type { Figures } from './metrics.ts';
import { distribution, type Statistics } from './statistics.ts';

/** What is asserted, shown in the table and kept: of the window, but for joins and failures. */
export function figuresOf(measurement: Measurement): Figures {
  const { plan, joinMs, failures } = measurement;
  const { before, inside, after } = windowOf(measurement);
  const people = [...(after?.counts ?? [])].map(([id, counts]) => ({ id, counts, was: before?.counts.get(id) }));
  const of = (key: Parameters<typeof grown>[2]) => people.map(({ was, counts }) => grown(was, counts, key));
  const total = (key: Parameters<typeof grown>[2]) => sum(of(key));
  const seconds = sum(inside.map(({ spanMs }) => spanMs)) / 1_000;
  const isBrowser = ({ id }: { readonly id: number }) => plan.find((each) => each.id === id)?.kind === 'browser';
  const browsers = people.filter(isBrowser);
  const perSecond = (read: (tick: Tick) => number | undefined) =>
    distribution(inside.flatMap((tick) => read(tick) ?? []));
  const rate = (key: 'packets' | 'frames') => distribution(ratesOf([...(before ? [before] : []), ...inside], key));
  const dropped = (counts: Iterable<Counts>) => sum(Object.values(sumOfDrops(counts)));
  const latest = measurement.ticks.at(-1);
  const opens = plan.some(({ kind }) => kind !== 'rtp'); // whether anybody has keys

  return {
    join: distribution([...joinMs.values()]),
    'first-media': distribution(latest ? firstMediaOf(plan, latest) : []),
    failures: { total: failures.length },
    gone: { total: [...(latest?.counts.values() ?? [])].filter(({ gone }) => gone).length },
    interruptions: measuredTotal(after, total('interruptions')),
    seen: seenOf(inside),
    delivery: {
      ...distribution(people.flatMap(({ was, counts }) => deliveryOf(was, counts) ?? [])),
      ...optionalTotal(share(total('packets'), total('packets') + total('lost'))),
    },
    lost: measuredTotal(after, total('lost')),
    packets: rate('packets'),
    frames: opens ? rate('frames') : {},
    drops: measuredTotal(
      opens ? after : undefined,
      dropped(people.map(({ counts }) => counts)) - dropped(before?.counts.values() ?? []),
    ),
    pictures: distribution(
      browsers.flatMap(({ id, was, counts }) => {
        const videoSeconds = sum(inside.map((tick) => ((tick.expectedVideos.get(id) ?? 0) * tick.spanMs) / 1_000));
        return share(grown(was, counts, 'pictures'), videoSeconds) ?? [];
      }),
    ),
    freezes:
      browsers.length === 0
        ? {}
        : {
            ...distribution(browsers.map(({ was, counts }) => grown(was, counts, 'freezes'))),
            total: total('freezes'),
          },
    'server-load': perSecond(({ serverLoad }) => serverLoad),
    'server-cpu': perSecond(({ serverCpu }) => serverCpu),
    'packet-cost': optionalTotal(packetCostUs(inside, total('packets'), seconds)),
    'generator-cpu': perSecond(({ generatorCpu }) => generatorCpu),
    'machine-cpu': perSecond(({ machineCpu }) => machineCpu),
    'loop-delay': perSecond(({ loopDelayMs }) => loopDelayMs),
  };
}

/** The readings of the window; `before` is the one against which its first second counts. */
export function windowOf({ ticks, window }: Measurement) {
  if (!window) return { before: undefined, inside: [], after: undefined };
  const { first, last } = window;
  return { before: ticks[first], inside: ticks.slice(first + 1, last + 1), after: ticks[last] };
}

/** So many a second between each two readings: each participant's by its own times, so that who is read late makes no peak. */
export function ratesOf(ticks: readonly Tick[], key: 'packets' | 'frames' | 'pictures' | 'lost'): number[] {
  return ticks.slice(1).map(({ counts, spanMs }, at) => {
    const before = ticks[at]?.counts;
    const rates = [...counts].map(([id, each]) => {
      const was = before?.get(id);
      const ms = was ? each.atMs - was.atMs : spanMs;
      return ms > 0 ? (grown(was, each, key) * 1_000) / ms : 0; // one that could not be read is as it was
    });
    return sum(rates);
  });
}

/** Who has seen nothing yet, and should have, has waited so long at least: left out, the slowest would make the figure better. */
function firstMediaOf(plan: Measurement['plan'], { counts, expectedVideos, atMs }: Tick): number[] {
  return plan.flatMap(({ id, atMs: askedMs }) => {
    const firstMediaMs = counts.get(id)?.firstMediaMs;
    if (firstMediaMs !== undefined) return firstMediaMs ?? [];
    return (expectedVideos.get(id) ?? 0) > 0 ? Math.max(0, atMs - askedMs) : [];
  });
}

/** Who is to see nobody does not count. More than expected is no more than all: others may be in the room. */
function seenOf(inside: readonly Tick[]): Statistics {
  const seen = new Map<number, number>();
  const wanted = new Map<number, number>();
  for (const { counts, expectedVideos } of inside) {
    for (const [id, expected] of expectedVideos) {
      const videos = Math.min((counts.get(id) ?? NO_COUNTS).videos, expected);
      seen.set(id, (seen.get(id) ?? 0) + videos);
      wanted.set(id, (wanted.get(id) ?? 0) + expected);
    }
  }
  const shares = [...wanted].flatMap(([id, expected]) => share(seen.get(id) ?? 0, expected) ?? []);
  return { ...distribution(shares), ...optionalTotal(share(sum([...seen.values()]), sum([...wanted.values()]))) };
}

function deliveryOf(was: Counts | undefined, counts: Counts): number | undefined {
  const packets = grown(was, counts, 'packets');
  return share(packets, packets + grown(was, counts, 'lost'));
}

function packetCostUs(inside: readonly Tick[], packets: number, seconds: number): number | undefined {
  const cores = inside.flatMap(({ serverCpu, spanMs }) => (serverCpu === undefined ? [] : serverCpu * spanMs));
  if (cores.length !== inside.length || seconds === 0) return undefined;
  return share(sum(cores) * 1_000, packets);
}

/** `undefined` of nothing. */
const share = (part: number, whole: number): number | undefined => (whole > 0 ? part / whole : undefined);

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

const optionalTotal = (total: number | undefined): Statistics => (total === undefined ? {} : { total });

const measuredTotal = (after: Tick | undefined, total: number): Statistics => (after ? { total } : {});
