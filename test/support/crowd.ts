import { inBatches } from './in-batches.ts';
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
  await inBatches([...Array(live).keys()], AT_ONCE, (index) => NodeMember.join(link, `Live ${index}`));
  await inBatches([...Array(silent).keys()], AT_ONCE, () => SilentMember.join(link));
}
