import { CallError, type UserId } from '../base/index.ts';
import type { Media } from './media.ts';

/** Resolves when the backend has taken it. @throws CallError as the server refuses it, `out-of-order` when there is no join */
export async function invite(media: Media | undefined, userId: string): Promise<void> {
  if (!media) throw new CallError('out-of-order', 'join before you invite');
  await media.session.link.request({ case: 'invite', value: { userId: userId as UserId } }, 'done'); // checked at the border
}
