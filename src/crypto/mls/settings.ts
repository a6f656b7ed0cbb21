import type { RoomId } from '../../base/index.ts';
import type { Admission } from './admission.ts';
import type { Ground } from './ground.ts';
import type { OwnIdentity } from './key-package.ts';
import { suite } from './suite.ts';

/** Which call, and who we are in it. */
export interface GroupSettings extends OwnIdentity {
  readonly roomId: RoomId;
  readonly admission: Admission;
  /**
   * Milliseconds since 1970, `Date.now` by default. The library looks at the machine's own clock once more when we
   * commit.
   */
  readonly now?: () => number;
}

export async function groundOf({ roomId, admission, now = Date.now }: GroupSettings): Promise<Ground> {
  return { suite: await suite(), admission, groupId: new TextEncoder().encode(roomId), now };
}
