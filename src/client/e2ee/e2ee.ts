import { CallError, type Clock, type MemberId } from '../../base/index.ts';
import type { Codec, LeafClaim } from '../../crypto/index.ts';
import type { MediaKind, Presence, Source } from '../../wire/index.ts';
import type { FrameCounts } from '../frame-counts.ts';
import type { DeliveryPort } from './delivery-port.ts';
import type { KnockedAs, RemovedAs } from './group-listener.ts';
import type { MlsFact } from './mls-fact.ts';
import type { EngineNews } from './news.ts';
import { SealingWatchdog } from './sealing-watchdog.ts';
import type { Compared } from './shown-codes.ts';
import type { Beginning, FromWorker, Refusal, ToWorker, TransformOptions } from './worker-protocol.ts';

/** For messengers with identities of their own: who may be in the call is theirs to say. */
export interface AppAdmission {
  /** What goes into our leaf, at most 4 KiB: for instance a signature over the claim. */
  prove(claim: LeafClaim): Promise<Uint8Array>;
  /** Asked about every member. A member that nobody vouches for is refused, whoever adds it. */
  check(claim: LeafClaim, proof: Uint8Array): Promise<boolean>;
}

/** Whose stream a receiver carries, as its tile will say. */
export interface ReceivedStream {
  readonly memberId: MemberId;
  readonly source: Source;
  readonly codec: Codec;
}

/** The page's side of the encryption: puts every encoded frame through the worker, and carries what it cannot read. */
export interface E2ee {
  attachSender(sender: RTCRtpSender, stream: { readonly source: Source; readonly codec: Codec }): void;
  attachReceiver(receiver: RTCRtpReceiver, stream: ReceivedStream): void;
  /** A new stay: what was before is forgotten. `port` leads to the server. */
  begin(beginning: Beginning, port: DeliveryPort): void;
  told(fact: MlsFact): void;
  chat(text: string): void;
  react(emoji: string): void;
  show(presence: Presence): void;
  admit(knocker: KnockedAs, admitted: boolean): void;
  askToMute(memberId: MemberId): void;
  /** Whose removals count. */
  moderatorsAre(memberIds: ReadonlySet<MemberId>): void;
  /** @throws CallError as the server refuses it */
  remove(target: RemovedAs): Promise<void>;
  makeEmoji(): void;
  moveHere(): void;
  watchDigits(watched: boolean): void;
  verify(compared: Compared): void;
  counts(): Promise<FrameCounts>;
  close(): void;
}

export interface E2eeOptions {
  readonly admission: AppAdmission | undefined;
  readonly clock: Clock;
  readonly told: (news: EngineNews) => void;
  /** Nothing can be trusted to be sealed any more. Called once or more. */
  readonly failed: (cause: 'unsealed' | 'broke', message: string) => void;
}

/**
 * A peer connection with this setting holds frames until a transform exists: nothing can pass before or beside it.
 * Chromium's own name; browsers that do not know it ignore it.
 */
export const HOLD_FRAMES: Partial<RTCConfiguration> = { encodedInsertableStreams: true } as Partial<RTCConfiguration>;

/** Starts the worker. Throws `forbidden` in a browser that cannot seal: there is no call in the clear. */
export function openE2ee(options: E2eeOptions): E2ee {
  if (typeof RTCRtpScriptTransform === 'undefined') {
    throw new CallError('forbidden', 'this browser has no encoded transforms');
  }
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'conclave-e2ee' });
  const post = (message: ToWorker, transfer: Transferable[] = []) => worker.postMessage(message, transfer);
  const watchdog = new SealingWatchdog(options.clock, () =>
    options.failed('unsealed', 'frames went past the transform'),
  );
  let stay: { readonly memberId: MemberId; readonly port: DeliveryPort } | undefined;
  let lastId = 0;

  worker.onerror = ({ message }) => options.failed('broke', message);
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    switch (data.kind) {
      case 'request':
        return void answer(data);
      case 'intend':
        return portOf(data.stay)?.intend(data.body);
      case 'app-prove':
        return void appAnswer(data.id, () => options.admission?.prove(data.claim));
      case 'app-check':
        return void appAnswer(data.id, () => options.admission?.check(data.claim, data.proof));
      case 'news':
        return options.told(data.news);
      case 'flowing':
        return watchdog.seen(data.id);
      case 'broke':
        return options.failed('broke', data.message);
    }
  };

  const portOf = (memberId: MemberId) => (stay?.memberId === memberId ? stay.port : undefined);

  async function answer({ id, body, stay }: Extract<FromWorker, { readonly kind: 'request' }>): Promise<void> {
    try {
      const port = portOf(stay);
      if (!port) throw new CallError('unavailable', 'no session');
      await port.request(body);
      post({ kind: 'answered', id, refusal: undefined });
    } catch (error) {
      const { code, message } = CallError.from(error);
      post({ kind: 'answered', id, refusal: { code, message } });
    }
  }

  async function appAnswer(id: number, ask: () => Promise<Uint8Array | boolean> | undefined): Promise<void> {
    const value = await Promise.resolve()
      .then(ask)
      .catch(() => undefined); // an app that fails to answer vouches for nobody
    post({ kind: 'app-answered', id, value });
  }

  /** What the worker answers. */
  function ask<Answer>(question: ToWorker): Promise<Answer> {
    return new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }: MessageEvent<Answer>) => {
        port1.close();
        resolve(data);
      };
      post(question, [port2]);
    });
  }

  function transform(stream: Omit<TransformOptions, 'id'>): {
    readonly id: number;
    readonly script: RTCRtpScriptTransform;
  } {
    lastId += 1;
    return { id: lastId, script: new RTCRtpScriptTransform(worker, { ...stream, id: lastId }) };
  }

  return {
    // Both run before the local description is set: a transform that is set later is ignored and media flows past it.
    attachSender(sender, stream) {
      const { id, script } = transform({ direction: 'send', kind: kindOf(sender.track), ...stream });
      sender.transform = script;
      watchdog.watch(id, () => packetsSent(sender));
    },
    attachReceiver(receiver, stream) {
      receiver.transform = transform({ direction: 'recv', kind: kindOf(receiver.track), ...stream } as never).script;
    },
    begin(beginning, port) {
      stay = { memberId: beginning.memberId, port };
      post({ kind: 'begin', beginning });
    },
    told: (fact) => post({ kind: 'told', fact }),
    chat: (text) => post({ kind: 'chat', text }),
    react: (emoji) => post({ kind: 'reaction', emoji }),
    show: (presence) => post({ kind: 'presence', presence }),
    admit: ({ memberId, deviceKey }, admitted) => post({ kind: 'admit', knocker: { memberId, deviceKey }, admitted }),
    askToMute: (memberId) => post({ kind: 'ask-to-mute', memberId }),
    moderatorsAre: (memberIds) => post({ kind: 'moderators', memberIds }),
    async remove(target) {
      const refusal = await ask<Refusal | undefined>({ kind: 'remove', target });
      if (refusal) throw new CallError(refusal.code, refusal.message);
    },
    makeEmoji: () => post({ kind: 'make-emoji' }),
    moveHere: () => post({ kind: 'move-here' }),
    watchDigits: (watched) => post({ kind: 'watch-digits', watched }),
    verify: (compared) => post({ kind: 'verify', compared }),
    counts: () => ask<FrameCounts>({ kind: 'count' }),
    close() {
      watchdog.close();
      worker.terminate();
    },
  };
}

function kindOf(track: MediaStreamTrack | null): MediaKind {
  return track?.kind === 'audio' ? 'audio' : 'video';
}

async function packetsSent(sender: RTCRtpSender): Promise<number> {
  if (sender.track === null || sender.transport?.state === 'closed') throw new Error('the sender is gone');
  const stats = [...(await sender.getStats()).values()] as { readonly type: string; readonly packetsSent?: number }[];
  return stats.reduce((sum, { type, packetsSent: sent = 0 }) => sum + (type === 'outbound-rtp' ? sent : 0), 0);
}
