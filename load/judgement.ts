import type { Verdict } from './assertion.ts';
import type { Figures } from './metrics.ts';

/** Of packets and of videos: below, people notice. */
const LEAST_DELIVERED = 0.99;

/** Why a step of the search did not hold; empty when it did. Everybody is to come in, nearly all media to arrive, and every assertion to hold. */
export function whyFallen(
  figures: Figures,
  verdicts: readonly Verdict[],
  people: { readonly planned: number; readonly joined: number },
): string[] {
  const percent = (share: number) => `${(Math.floor(share * 1_000) / 10).toFixed(1)} %`;
  const short = (name: 'delivery' | 'seen', words: string) => {
    const { total } = figures[name];
    return total !== undefined && total < LEAST_DELIVERED && `${percent(total)} ${words}`;
  };
  return [
    people.joined < people.planned && `${people.planned - people.joined} of ${people.planned} could not join`,
    (figures.gone.total ?? 0) > 0 && `${figures.gone.total} fell out of the call`,
    short('delivery', 'of the packets came'),
    short('seen', 'of the videos moved'),
    ...verdicts.filter(({ held }) => !held).map(({ text, measured }) => `${text}: ${measured}`),
  ].filter((reason) => reason !== false);
}

/** 0 when all held; 1 when an assertion did not, nobody came in, or no step of a search held; 130, as shells say it, when Ctrl-C ended it. */
export function exitCodeOf(report: {
  readonly interrupted: boolean;
  readonly people: { readonly joined: number };
  readonly verdicts: readonly Verdict[];
  readonly search: { readonly most: number } | undefined;
}): 0 | 1 | 130 {
  if (report.interrupted) return 130;
  if (report.search) return report.search.most > 0 ? 0 : 1;
  return report.people.joined > 0 && report.verdicts.every(({ held }) => held) ? 0 : 1;
}
