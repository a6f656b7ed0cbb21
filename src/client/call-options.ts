import type { Log } from '../base/index.ts';
import type { CameraCodec } from './camera-codec.ts';
import type { AppAdmission } from './e2ee/e2ee.ts';

/** How those who come are admitted. */
export interface CallAdmission {
  /** The call's secret, base64url, from the link's fragment. Who has it may ask to come in. Either this or `admission`. */
  readonly secret?: string;
  /** Whether members let each newcomer in by hand (`admit`). All who are in a call have to say the same. */
  readonly lobby?: boolean;
  /** For messengers with identities of their own, in place of `secret`. */
  readonly admission?: AppAdmission;
}

export interface CallOptions extends CallAdmission {
  /** What others see, 1 to 64 characters. The server never learns it. */
  readonly displayName: string;
  /** The token's room when absent. */
  readonly roomId?: string;
  /**
   * How the camera is sent. `auto`, which holds when absent: VP9 where this device encodes it without effort, else VP8. `vp9`: wherever
   * it works at all.
   */
  readonly cameraCodec?: 'auto' | CameraCodec;
  /** Where the SDK says what it does; nowhere when absent. */
  readonly log?: Log;
}
