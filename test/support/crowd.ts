import { NodeMember } from './node-member.ts';
import { SilentMember } from './silent-member.ts';

export interface CrowdSize {
  /** Do all that members do. */
  readonly live: number;
  /** Have real leaves, and only say that they reached each epoch. */
  readonly silent: number;
}

/** So many knock at once: the dozens of one commit. */
const AT_ONCE = 12;

/** Joins them all; the live ones first. */
export async function joinCrowd(link: string, { live, silent }: CrowdSize): Promise<void> {
  await inBatches(live, (index) => NodeMember.join(link, `Live ${index}`));
  await inBatches(silent, () => SilentMember.join(link));
}

async function inBatches(count: number, join: (index: number) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < count; start += AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - start) }, (_, index) => join(start + index)));
}
