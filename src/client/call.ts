import { CallError, type CallErrorCode, Facts, type Log, type PeerId, Scope, silentLog } from '../base/index.ts';
import type { ServerMessage, Source } from '../wire/index.ts';
import { AudioOutput } from './audio-output.ts';
import type { CallEvents } from './call-events.ts';
import { browserParts, type CallParts } from './call-parts.ts';
import { type CallState, type CallStep, type LeftReason, type LossCause, nextState, refused } from './call-state.ts';
import type { FrameCounts } from './frame-counts.ts';
import type { FrameTransform } from './frame-transform.ts';
import type { LocalTrack } from './local-track.ts';
import { type CallStats, joinRoom, type Media } from './media.ts';
import { Pending } from './pending.ts';
import { Publisher } from './publisher.ts';
import type { RemoteTrack } from './remote-track.ts';
import {
  EMPTY_ROSTER,
  isRosterFact,
  type Roster,
  type RosterChange,
  type RosterNews,
  rosterAfter,
  rosterJoined,
} from './roster.ts';
import { openSession, type Session, type SessionTarget } from './session.ts';
import { stay } from './stay.ts';
import { Subscriber } from './subscriber.ts';
import type { Token } from './token.ts';
import { ViewTeller } from './view-teller.ts';

export interface CallOptions {
  /** What others see, 1 to 64 characters. */
  readonly displayName: string;
  /** The token's room when absent. */
  readonly roomId?: string;
  /** Where the SDK says what it does; nowhere when absent. */
  readonly log?: Log;
}

/**
 * One person's stay in one call, on one device. Microphone and camera may be switched before the join; they are published
 * when it succeeds. What breaks later is mended or joined again without asking, until it cannot be.
 */
export class Call {
  /** Taken at every join: before the first one it may still be changed. */
  displayName: string;
  readonly #options: CallOptions;
  readonly #parts: CallParts;
  readonly #log: Log;
  readonly #facts = new Facts<CallEvents>();
  readonly #scope = new Scope();
  readonly #audio: AudioOutput;
  readonly #publisher: Publisher;
  readonly #subscriber: Subscriber;
  readonly #view: ViewTeller;
  #state: CallState = { kind: 'idle' };
  #roster: Roster = EMPTY_ROSTER;
  #frames: FrameTransform | undefined;
  #media: Media | undefined;

  constructor(options: CallOptions, parts: CallParts = browserParts()) {
    const log = options.log ?? silentLog;
    this.displayName = options.displayName;
    this.#options = options;
    this.#parts = parts;
    this.#log = log;
    this.#view = new ViewTeller(parts.clock);
    this.#audio = new AudioOutput({ blocked: () => this.#tell('autoplayBlocked'), log });
    this.#publisher = new Publisher({
      mediaDevices: parts.mediaDevices,
      log,
      localTrackChanged: (source) => this.#tell('localTrackChanged', source),
      deviceFailed: (error) => this.#tell('deviceError', error),
    });
    this.#subscriber = new Subscriber({
      screen: { watchHeight: parts.watchHeight, show: (element, tile) => this.#view.show(element, tile) },
      playAudio: (track) => this.#audio.play(track),
      log,
    });
    this.#scope.own(this.#publisher);
    this.#scope.own(this.#subscriber);
  }

  get state(): CallState {
    return this.#state;
  }

  get roster(): Roster {
    return this.#roster;
  }

  /** The answer stops listening. A listener that throws is logged and disturbs nobody else. */
  on<Name extends keyof CallEvents & string>(name: Name, listener: (...args: CallEvents[Name]) => void): () => void {
    return this.#facts.on(name, (...args) => {
      try {
        listener(...args);
      } catch (error) {
        this.#log.error('listener threw', { reason: name, error });
      }
    });
  }

  /**
   * Resolves when joined. Throws CallError when the server cannot be reached or refuses; the call has then `left`, and
   * another try is another Call. `url` is the server's; see Token for what survives a lost socket.
   */
  async join(url: string, token: Token): Promise<void> {
    if (this.#state.kind !== 'idle') throw new CallError('out-of-order', 'a call is joined once');
    this.#step({ kind: 'join-asked' });
    const joined = new Pending<void>();
    this.#scope.add(() => joined.reject(toError({ kind: 'asked' }))); // whoever leaves waits for no server
    try {
      const frames = this.#scope.own(this.#parts.openFrameTransform());
      this.#frames = frames;
      void this.#stay({ url, token, roomId: this.#options.roomId }, frames, joined);
    } catch (error) {
      const refusal = CallError.from(error);
      joined.reject(refusal);
      this.#end(refused(refusal));
    }
    await joined.promise;
  }

  /** Leaves at once and for good; devices are let go. */
  leave(): void {
    this.#end({ kind: 'asked' });
  }

  /** Resolves to whether it is on now. Never rejects: a device that is not there is told as `deviceError`. */
  setMicrophone(on: boolean): Promise<boolean> {
    return this.#publisher.setMicrophone(on);
  }

  /** As setMicrophone. */
  setCamera(on: boolean): Promise<boolean> {
    return this.#publisher.setCamera(on);
  }

  /** As setMicrophone. The person picks what to share; closing the picker is told as `deviceError` with `refused`. */
  setScreenShare(on: boolean): Promise<boolean> {
    return this.#publisher.setScreenShare(on);
  }

  /** False silences the call here: the server then sends no audio. */
  setHears(hears: boolean): void {
    this.#view.setHears(hears);
  }

  localTrack(source: Source): LocalTrack | undefined {
    return this.#publisher.track(source);
  }

  /** What a peer publishes from `source`; `undefined` when it does not. */
  track(peerId: PeerId, source: Source): RemoteTrack | undefined {
    return this.#subscriber.track(peerId, source);
  }

  /** After `autoplayBlocked`, from a click. */
  resumeAudio(): Promise<void> {
    return this.#audio.resume();
  }

  /** WebRTC's own statistics of the two peer connections; `undefined` when not joined. */
  async getStats(): Promise<CallStats | undefined> {
    return await this.#media?.stats();
  }

  /** Encoded frames that passed the transform since join; `undefined` before, and when the call has left. */
  async frameCounts(): Promise<FrameCounts | undefined> {
    return await this.#frames?.counts();
  }

  async #stay(target: SessionTarget, frames: FrameTransform, joined: Pending<void>): Promise<void> {
    const { clock, random, openWebSocket, createDevice } = this.#parts;
    const log = this.#log;
    const told = (fact: ServerMessage) => this.#told(fact);
    const reason = await stay<Session, Media>(
      {
        openSession: () => openSession(target, { openWebSocket, createDevice, clock, log, told }),
        joinRoom: (session) =>
          joinRoom(session, { displayName: this.displayName, roomId: session.roomId, frames, log }),
        joined: (media) => {
          this.#joined(media);
          joined.resolve();
        },
        lost: (cause) => this.#lost(cause),
      },
      { clock, random, scope: this.#scope },
    );
    joined.reject(toError(reason));
    this.#end(reason);
  }

  #joined(media: Media): void {
    const change = rosterJoined(this.#roster, media.joined.peers);
    this.#media = media;
    this.#roster = change.roster;
    this.#subscriber.bind(media.downlink);
    this.#publisher.bind(media.uplink);
    this.#step({ kind: 'joined', peerId: media.joined.peerId });
    this.#rosterChanged(change);
    this.#view.bind((view) => media.show(view));
  }

  #lost(cause: LossCause): void {
    this.#media = undefined;
    this.#view.bind(undefined);
    this.#subscriber.bind(undefined);
    this.#publisher.bind(undefined);
    this.#step({ kind: 'lost', cause });
  }

  #end(reason: LeftReason): void {
    this.#step({ kind: 'ended', reason });
    this.#scope.close();
    this.#media = undefined;
    this.#frames = undefined;
  }

  #told(fact: ServerMessage): void {
    if (isRosterFact(fact)) this.#rosterChanged(rosterAfter(this.#roster, fact));
    else if (fact.case === 'consumerOpened') void this.#subscriber.consumerOpened(fact.value);
    else if (fact.case === 'consumerClosed') this.#subscriber.consumerClosed(fact.value.consumerId);
    else if (fact.case === 'mediaLost') this.#media?.mediaLost();
  }

  /** Everything stands before anybody is told: a listener may ask for any track. */
  #rosterChanged({ roster, news }: RosterChange): void {
    this.#roster = roster;
    const tellings = news.map((each) => this.#follow(each));
    this.#tell('rosterChanged', roster);
    for (const tell of tellings) tell();
  }

  #follow(news: RosterNews): () => void {
    if (news.kind === 'speakers') return () => this.#tell('activeSpeakers', news.speakers);
    if ('peer' in news) {
      if (news.kind === 'peer-left') this.#subscriber.peerLeft(news.peer.id);
      return () => this.#tell(news.kind === 'peer-left' ? 'peerLeft' : 'peerJoined', news.peer);
    }
    const track = this.#subscriber.follow(news);
    return () => this.#tell(TRACK_EVENTS[news.kind], track);
  }

  #step(step: CallStep): void {
    const before = this.#state;
    const next = nextState(before, step);
    if (next === before) return;
    this.#state = next;
    this.#tell('stateChanged', next);
    if (next.kind === 'joined') this.#tell(before.kind === 'connecting' ? 'joined' : 'reconnected');
    if (next.kind === 'reconnecting') this.#tell('reconnecting', next.cause);
    if (next.kind === 'left') this.#tell('left', next.reason);
  }

  #tell<Name extends keyof CallEvents & string>(name: Name, ...args: CallEvents[Name]): void {
    this.#facts.tell(name, ...args);
  }
}

const TRACK_EVENTS = {
  published: 'trackPublished',
  unpublished: 'trackUnpublished',
  muted: 'trackMuted',
  unmuted: 'trackUnmuted',
} as const;

function toError(reason: LeftReason): CallError {
  if (reason.kind === 'refused') return new CallError(reason.code as CallErrorCode, reason.message);
  return new CallError('unavailable', 'left before the call was joined');
}
