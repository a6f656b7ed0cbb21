import { CallError, type Log, type PeerId, Scope, silentLog } from '../base/index.ts';
import type { Neighbour, ServerMessage, Source } from '../wire/index.ts';
import { CallDevices } from './call-devices.ts';
import type { CallEvents } from './call-events.ts';
import type { CallOptions } from './call-options.ts';
import { browserParts, type CallParts } from './call-parts.ts';
import { CallPeople } from './call-people.ts';
import { CallSecurity, type CallSecurityListener } from './call-security.ts';
import { type CallState, type LeftReason, type LossCause, refused, toCallError } from './call-state.ts';
import { stayInCall } from './call-stay.ts';
import { CallTelling } from './call-telling.ts';
import { CallTraffic } from './call-traffic.ts';
import { chooseCameraCodec } from './camera-codec.ts';
import type { DeviceKind, Devices } from './devices.ts';
import type { E2ee } from './e2ee/e2ee.ts';
import type { KnockedAs } from './e2ee/group-listener.ts';
import type { Security } from './e2ee/security.ts';
import type { Compared } from './e2ee/shown-codes.ts';
import type { FrameCounts } from './frame-counts.ts';
import { Interruption } from './interruption.ts';
import { invite } from './invite.ts';
import type { LocalTrack } from './local-track.ts';
import type { CallStats, Media } from './media.ts';
import { Moderation } from './moderation.ts';
import { Pending } from './pending.ts';
import type { Quality } from './quality.ts';
import { QualityWatch } from './quality-watch.ts';
import type { RemoteTrack } from './remote-track.ts';
import type { Roster } from './roster.ts';
import type { SessionTarget } from './session.ts';
import { SpeakingTeller } from './speaking-teller.ts';
import type { Token } from './token.ts';
import type { TrackProcessor } from './track-processor.ts';
import { ViewTeller } from './view-teller.ts';

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
  readonly #telling: CallTelling;
  readonly #scope = new Scope();
  readonly #devices: CallDevices;
  readonly #people: CallPeople;
  readonly #security: CallSecurity;
  readonly #view: ViewTeller;
  readonly #speaking: SpeakingTeller;
  readonly #traffic: CallTraffic;
  readonly #moderation: Moderation;
  readonly #interruption: Interruption;
  readonly #quality: QualityWatch;
  #joined: Pending<void> | undefined;

  constructor(options: CallOptions, parts: CallParts = browserParts()) {
    const log = options.log ?? silentLog;
    this.displayName = options.displayName;
    this.#options = options;
    this.#parts = parts;
    this.#log = log;
    this.#telling = new CallTelling(log);
    this.#view = new ViewTeller(parts.clock);
    this.#speaking = new SpeakingTeller({ ...parts, log });
    this.#devices = new CallDevices({
      ...parts,
      log,
      tell: (name, ...args) => this.#tell(name, ...args),
      captured: (source) => this.#captured(source),
    });
    this.#people = new CallPeople({
      screen: { watchPlace: parts.watchPlace, show: (element, tile) => this.#view.show(element, tile) },
      playAudio: (track, peerId) => this.#devices.audio.play(track, this.#people.userOf(peerId)),
      log,
      tell: (name, ...args) => this.#tell(name, ...args),
    });
    this.#security = new CallSecurity(options, {
      changed: (security, what) => this.#secured(security, what),
      said: (news) => this.#said(news),
      failed: (cause, message) => this.#unsealed(cause, message),
    });
    this.#traffic = new CallTraffic({
      publisher: this.#devices.publisher,
      people: this.#people,
      view: this.#view,
      speaking: this.#speaking,
    });
    this.#moderation = new Moderation({
      clock: parts.clock,
      people: this.#people,
      security: this.#security,
      media: () => this.#traffic.media,
      tell: (name, ...args) => this.#tell(name, ...args),
    });
    this.#interruption = new Interruption(parts.clock, {
      began: () => this.#interrupted(),
      ended: () => this.#wentOn(),
    });
    this.#quality = new QualityWatch({
      clock: parts.clock,
      stats: () => this.getStats(),
      isHeld: () => this.#telling.state.kind === 'reconnecting',
      awaited: () => this.#people.awaited,
      changed: (change) => this.#tell('qualityChanged', change),
    });
    this.#scope.own(this.#quality);
    this.#scope.own(this.#interruption);
    this.#scope.own(this.#devices);
    this.#scope.own(this.#speaking);
    this.#scope.own(this.#people);
    this.#scope.own(this.#security);
  }

  get state(): CallState {
    return this.#telling.state;
  }

  get roster(): Roster {
    return this.#people.roster;
  }

  /** What can be chosen, and what was: see `useDevice`. */
  get devices(): Devices {
    return this.#devices.current;
  }

  /** How the call is secured: who is a member, the lobby, the codes, what is wrong. */
  get security(): Security {
    return this.#security.current;
  }

  /** Whether the call takes nobody new. */
  get locked(): boolean {
    return this.#moderation.locked;
  }

  /** The answer stops listening. A listener that throws is logged and disturbs nobody else. */
  on<Name extends keyof CallEvents & string>(name: Name, listener: (...args: CallEvents[Name]) => void): () => void {
    return this.#telling.on(name, listener);
  }

  /**
   * Resolves when joined: when this device is in the group of keys, which with a lobby may take as long as people do. Throws
   * CallError when the server cannot be reached or refuses; the call has then `left`, and another try is another Call.
   * `url` is the server's; see Token for what survives a lost socket.
   */
  async join(url: string, token: Token): Promise<void> {
    if (this.#telling.state.kind !== 'idle') throw new CallError('out-of-order', 'a call is joined once');
    this.#telling.step({ kind: 'join-asked' });
    const joined = new Pending<void>();
    this.#joined = joined;
    this.#scope.add(() => joined.reject(toCallError({ kind: 'asked' }))); // whoever leaves waits for no server
    try {
      const { openE2ee, clock } = this.#parts;
      const e2ee = this.#security.open(openE2ee, clock);
      void this.#stay({ url, token, roomId: this.#options.roomId }, e2ee, joined);
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

  /**
   * Resolves to whether it is on now, on this device: the server is told as soon as it can be. Never rejects: a device that is not
   * there is told as `deviceError`.
   */
  setMicrophone(on: boolean): Promise<boolean> {
    return this.#devices.publisher.setMicrophone(on);
  }

  /** As setMicrophone. */
  setCamera(on: boolean): Promise<boolean> {
    return this.#devices.publisher.setCamera(on);
  }

  /** As setMicrophone. The person picks what to share; closing the picker is told as `deviceError` with `refused`. */
  setScreenShare(on: boolean): Promise<boolean> {
    return this.#devices.publisher.setScreenShare(on);
  }

  /**
   * Captures from, or plays on, one of `call.devices` from now on; `undefined` is the browser's default. Before the join and in the
   * call, where nothing is negotiated. Resolves to whether it is the one now: when it cannot be had the default serves, and
   * `deviceReplaced` is told. Never rejects.
   */
  useDevice(kind: DeviceKind, deviceId: string | undefined): Promise<boolean> {
    return this.#devices.use(kind, deviceId);
  }

  /**
   * Takes noise out of what the microphone captures, on this device, from now on. Resolves to whether it does, or will when the microphone
   * is on: where it cannot run the microphone is sent as it is, and the log says why. Worth another try after a click.
   */
  setNoiseSuppression(on: boolean): Promise<boolean> {
    const { suppressNoise } = this.#parts;
    return this.#devices.publisher.setProcessor(
      'microphone',
      on ? (track) => suppressNoise(track, this.#log) : undefined,
    );
  }

  /**
   * Sends what `processor` makes of the camera's picture, and shows it here too. Resolves to whether it does, or will when the camera is on.
   * A processor that fails stops the camera, which is told as `deviceError`: nobody wants to be seen without it.
   */
  setVideoProcessor(processor: TrackProcessor | undefined): Promise<boolean> {
    return this.#devices.publisher.setProcessor('camera', processor);
  }

  /** False silences the call here: the server then sends no audio. */
  setHears(hears: boolean): void {
    this.#view.setHears(hears);
  }

  /**
   * Videos that are attached nowhere and may be in a moment, such as those on the pages of a grid beside the one that is shown: the
   * server keeps them ready, so that they show at once. Replaces what was said before.
   */
  setNeighbours(neighbours: readonly Neighbour[]): void {
    this.#view.expect(neighbours);
  }

  /** Says something to all members; whether it could be said shows in `security`. More than 2,000 characters are not said. */
  sendChat(text: string): void {
    this.#security.e2ee?.chat(text);
  }

  /** One emoji for all members to see. */
  react(emoji: string): void {
    this.#security.e2ee?.react(emoji);
  }

  setHandRaised(raised: boolean): void {
    this.#security.show({ handRaised: raised });
  }

  /**
   * Has the messenger's backend ring somebody who is not here. Resolves when it has taken that; who comes, comes as everybody does.
   * Throws CallError: `unavailable` when there is no backend or it does not answer, `rate-limited`, `forbidden` to listeners.
   */
  invite(userId: string): Promise<void> {
    return invite(this.#traffic.media, userId);
  }

  /**
   * Tells all members, and those who come later, that this device records the call, or no longer does. The SDK itself records nothing:
   * whoever does says so here first.
   */
  setRecording(recording: boolean): void {
    this.#security.show({ recording });
  }

  /** Lets in, or turns away, somebody of `security.knockers`: the device that was shown, also when it comes again. */
  admit(knocker: KnockedAs, admitted: boolean): void {
    this.#security.e2ee?.admit(knocker, admitted);
  }

  /**
   * For moderators: that peer's device is out and does not come back while the call lasts; everybody sees who did it.
   * Throws CallError: `forbidden` without the right, `not-found`, `rate-limited`, `unavailable`.
   */
  remove(peerId: PeerId): Promise<void> {
    return this.#moderation.remove(peerId);
  }

  /** For moderators: a locked call takes nobody who was not in it before. Throws as `remove`. */
  setLocked(locked: boolean): Promise<void> {
    return this.#moderation.setLocked(locked);
  }

  /** Their page asks them. Throws CallError `rate-limited` within 10 s of the last time. */
  askToMute(peerId: PeerId): void {
    this.#moderation.askToMute(peerId);
  }

  /** Makes the six emoji that people read to each other, together with all members. */
  makeEmoji(): void {
    this.#security.e2ee?.makeEmoji();
  }

  /** While on, `security.digits` holds the 30 digits of the present epoch. */
  watchDigits(watched: boolean): void {
    this.#security.watchDigits(watched);
  }

  /**
   * After people compared a code and it was the same: those who were in it, and still are here under the same keys, are verified, on
   * this device and from now on. Say which code it was, as `security` showed it: the digits' `epoch`, or the emoji's `round`.
   */
  verify(compared: Compared): void {
    this.#security.e2ee?.verify(compared);
  }

  /**
   * Once joined: the person's other devices (`peer.isOwn`) leave, with the reason `moved`. They do so by a sealed message of a member with their own
   * user id, and for nobody else.
   */
  moveHere(): void {
    this.#security.e2ee?.moveHere();
  }

  localTrack(source: Source): LocalTrack | undefined {
    return this.#devices.publisher.track(source);
  }

  /** What a peer publishes from `source`; `undefined` when it does not. */
  track(peerId: PeerId, source: Source): RemoteTrack | undefined {
    return this.#people.track(peerId, source);
  }

  /**
   * How a peer comes through here, by the figures of the last seconds; without a peer, how oneself goes out. `undefined` while there is
   * nothing to judge by: not joined yet, or nothing of theirs is seen or heard.
   */
  quality(peerId?: PeerId): Quality | undefined {
    return this.#quality.quality(peerId);
  }

  /** How loud this person plays here, of 0 to 1. */
  volumeOf(peerId: PeerId): number {
    return this.#devices.audio.volumeOf(this.#people.userOf(peerId));
  }

  /** Also of their other devices, of what they publish later, and after a reconnect. Nobody else hears of it. */
  setVolume(peerId: PeerId, volume: number): void {
    const person = this.#people.userOf(peerId);
    if (person !== undefined) this.#devices.audio.setVolume(person, volume);
  }

  /** After `autoplayBlocked`, from a click. */
  resumeAudio(): Promise<void> {
    return this.#devices.audio.resume();
  }

  /** WebRTC's own statistics of the two peer connections; `undefined` when not joined. */
  async getStats(): Promise<CallStats | undefined> {
    return await this.#traffic.media?.stats();
  }

  /** Frames that were sealed and opened since the join; `undefined` before, and when the call has left. */
  async frameCounts(): Promise<FrameCounts | undefined> {
    return await this.#security.e2ee?.counts();
  }

  async #stay(target: SessionTarget, e2ee: E2ee, joined: Pending<void>): Promise<void> {
    const { cameraCodec = 'auto' } = this.#options;
    this.#scope.add(this.#parts.watchNetwork(() => this.#traffic.media?.networkChanged()));
    const reason = await stayInCall(target, {
      ...this.#parts,
      e2ee,
      cameraCodec: async () => chooseCameraCodec(cameraCodec, await this.#parts.vp9Ability()),
      log: this.#log,
      scope: this.#scope,
      told: (fact) => this.#told(fact),
      dropped: () => this.#interruption.dropped(),
      resumed: () => this.#interruption.resumed(),
      entered: (media) => this.#entered(media),
      lost: (cause) => this.#lost(cause),
    });
    joined.reject(toCallError(reason));
    this.#end(reason);
  }

  /** In the room, and not yet in the group: nothing is sent and nobody is seen. */
  #entered(media: Media): void {
    if (this.#security.isBroken) {
      this.#end(NOT_SEALED);
      return;
    }
    this.#interruption.close(); // the server has just answered: what was away before is of a session that is gone
    this.#security.joined(media, this.displayName);
    this.#traffic.entered(media);
    this.#moderation.entered(media);
    this.#tellWhoIsHere();
    this.#goOn();
  }

  /** Sends and shows, once the room and the group are both there. */
  #goOn(): void {
    const { media } = this.#traffic;
    const { kind } = this.#telling.state;
    if (!media || this.security.admittance.kind !== 'inside' || kind === 'joined' || kind === 'left') return;
    if (this.#interruption.isTold) return;
    const { peerId, moderator } = media.joined;
    this.#telling.step({ kind: 'joined', peerId, role: media.uplink ? 'speaker' : 'listener', moderator });
    this.#traffic.begin();
    this.#quality.begin();
    this.#joined?.resolve();
  }

  /** People are to know that the signaling is away. The room, the paths and the keys are as they were, and nothing is sent. */
  #interrupted(): void {
    this.#traffic.hold({ held: true });
    this.#telling.step({ kind: 'lost', cause: 'socket' });
  }

  /** The signaling is back, after people were told, and nothing was lost. */
  #wentOn(): void {
    this.#traffic.hold({ held: false });
    this.#goOn();
  }

  #secured(security: Security, { people }: { readonly people: boolean }): void {
    this.#tell('securityChanged', security);
    if (people) this.#people.membersChanged(security);
    const { admittance } = security;
    if (admittance.kind === 'refused') this.#end({ kind: 'not-admitted', reason: admittance.reason });
    else if (this.#security.isBroken && this.#telling.state.kind !== 'joined') this.#end(NOT_SEALED);
    else this.#goOn();
  }

  #said(news: Parameters<CallSecurityListener['said']>[0]): void {
    const { memberId } = news;
    const displayName = this.#security.nameOf(memberId);
    if (news.kind === 'moved-away') this.#end({ kind: 'moved' });
    else if (news.kind === 'removed' || news.kind === 'mute-asked') this.#moderation.said(news);
    else if (news.kind === 'chat') this.#tell('chat', { memberId, displayName, text: news.text });
    else this.#tell('reaction', { memberId, displayName, emoji: news.emoji });
  }

  /** What leaves this device may not be sealed: nothing leaves it any more. */
  #unsealed(cause: 'unsealed' | 'broke', message: string): void {
    this.#log.error('sealing failed', { reason: cause, error: new Error(message) });
    this.#traffic.media?.stopSending();
  }

  /** Of what this device captures, members are told whether it is on, and the microphone is listened to. */
  #captured(source: Source): void {
    const microphone = this.#devices.publisher.track('microphone');
    const microphoneOn = microphone?.muted === false;
    const cameraOn = this.#devices.publisher.track('camera') !== undefined;
    this.#security.show({ microphoneOn, cameraOn });
    if (source === 'microphone') this.#speaking.listenTo(microphoneOn ? microphone.mediaStreamTrack : undefined);
  }

  #lost(cause: LossCause): void {
    if (cause === 'socket') this.#interruption.close();
    this.#traffic.lost();
    this.#telling.step({ kind: 'lost', cause });
  }

  #end(reason: LeftReason): void {
    this.#telling.step({ kind: 'ended', reason });
    this.#scope.close();
    this.#traffic.lost();
  }

  #told(fact: ServerMessage): void {
    this.#traffic.told(fact);
    this.#security.told(fact);
    this.#people.told(fact);
    this.#moderation.told(fact);
    if (fact.case === 'peerJoined' || fact.case === 'peerLeft') this.#tellWhoIsHere();
  }

  #tellWhoIsHere(): void {
    this.#security.presentAre(this.#people.present);
    this.#security.e2ee?.moderatorsAre(this.#people.moderators);
  }

  #tell<Name extends keyof CallEvents & string>(name: Name, ...args: CallEvents[Name]): void {
    this.#telling.tell(name, ...args);
  }
}

const NOT_SEALED = refused(new CallError('internal', 'the encryption failed'));
