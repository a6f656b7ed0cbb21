import { parseCount, quoted } from './units.ts';
import { UsageError } from './usage-error.ts';

/** Who takes part; docs/load.md says what each does and costs. */
export const KINDS = ['browser', 'bot', 'rtp'] as const;

export type Kind = (typeof KINDS)[number];

/** So many of each kind among so many in all; in the order in which they were named. */
export type Mix = ReadonlyMap<Kind, number>;

const MOST_SHARES = 1_000;

/** `bot`, or shares such as `browser:2,bot:6`. @throws UsageError */
export function parseMix(text: string): Mix {
  const mix = new Map<Kind, number>();
  const parts = text.split(',');
  for (const part of parts) {
    const [name = '', share, ...rest] = part.split(':');
    const kind = KINDS.find((each) => each === name);
    if (kind === undefined || rest.length > 0 || mix.has(kind) || (share === undefined && parts.length > 1)) {
      throw new UsageError(
        `not participants: ${quoted(text)} (${KINDS.join(', ')}, or shares such as browser:2,bot:6)`,
      );
    }
    mix.set(kind, share === undefined ? 1 : parseCount(share, { least: 1, most: MOST_SHARES }));
  }
  return mix;
}

export const formatMix = (mix: Mix): string =>
  mix.size === 1 ? [...mix.keys()].join() : [...mix].map(([kind, share]) => `${kind}:${share}`).join();

/** Whether that kind may send: ends of RTP have no keys, so that nobody else could open what they send. */
export const maySend = (kind: Kind, mix: Mix): boolean => kind !== 'rtp' || mix.size === 1;

/** How many the shares stand for, as they were typed. */
export const sharesOf = (mix: Mix): number => [...mix.values()].reduce((sum, share) => sum + share, 0);

/**
 * The kind of each of `count` participants. Kinds take turns by their shares, so that everything that only the first so many do is
 * done by each kind in its share: each gets the next place for which it is most behind, the first named before the others.
 */
export function kindsOf(mix: Mix, count: number): Kind[] {
  const total = sharesOf(mix);
  const placed = new Map<Kind, number>();
  return Array.from({ length: count }, (_, at) => {
    const behind = (kind: Kind) => ((mix.get(kind) ?? 0) * (at + 1)) / total - (placed.get(kind) ?? 0);
    const next = [...mix.keys()].reduce((most, kind) => (behind(kind) > behind(most) ? kind : most));
    placed.set(next, (placed.get(next) ?? 0) + 1);
    return next;
  });
}
