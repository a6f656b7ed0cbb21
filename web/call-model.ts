import { computed, type ReadonlySignal, signal } from '@preact/signals';
import {
  Call,
  type CallState,
  type DeviceError,
  type Devices,
  type LocalTrack,
  type PeerId,
  type Role,
  type Roster,
  type Security,
  type Source,
} from '../src/client/index.ts';
import { type CallLink, pathOf } from './call-link.ts';
import { fetchDevToken } from './dev-token.ts';
import { type MarkedQuality, markedAfter } from './marked-quality.ts';
import { Moderating } from './moderating.ts';
import { listPeople } from './people.ts';
import { Quiet } from './quiet.ts';
import { recordersOf } from './recording/recorders.ts';
import { Recording } from './recording/recording.ts';
import { Stage } from './stage/stage.ts';
import { deviceNotice, pageLabel, recordingLabel, replacedNotice, STRINGS } from './strings/index.ts';
import { Talk } from './talk.ts';

/** Something to read and put away. */
export interface Notice {
  /** One per cause: a newer one takes the place of the older. */
  readonly key: string;
  readonly text: string;
  /** The one thing to do about it. */
  readonly action?: { readonly label: string; readonly act: () => void };
}

/** What may stand beside the tiles, one at a time. */
export type Panel = 'security' | 'people' | 'chat' | 'invite' | 'settings' | 'keys';

/** A Call as signals, for the screens. */
export class CallModel {
  readonly call: Call;
  readonly link: CallLink;
  readonly state;
  readonly roster;
  readonly security;
  readonly devices;
  readonly talk: Talk;
  readonly quiet: Quiet;
  readonly recording: Recording;
  readonly moderating: Moderating;
  readonly stage: Stage;
  readonly panel = signal<Panel | undefined>(undefined);
  readonly notices = signal<readonly Notice[]>([]);
  readonly soundBlocked = signal(false);
  /** The microphone is on for as long as a key is held. */
  readonly heldToTalk = signal(false);
  readonly #role = signal<Role | undefined>(undefined);
  #joinedMs: number | undefined;
  #lastedMs: number | undefined;
  readonly #qualities = signal<ReadonlyMap<PeerId, MarkedQuality>>(new Map());
  readonly #localTracks = signal<ReadonlyMap<Source, LocalTrack>>(new Map());

  constructor(link: CallLink, name: string) {
    const { room, secret, lobby } = link;
    const call = new Call({ displayName: name, roomId: room, secret, lobby });
    this.call = call;
    this.link = link;
    this.state = signal<CallState>(call.state);
    this.roster = signal<Roster>(call.roster);
    this.security = signal<Security>(call.security);
    this.devices = signal<Devices>(call.devices);
    this.talk = new Talk(call);
    this.quiet = new Quiet(call, () => this.notify({ key: 'quiet', text: STRINGS.quiet.failed }));
    this.recording = new Recording(call, (problem) =>
      this.notify({ key: 'recording-failed', text: STRINGS.recording.problems[problem] }),
    );
    this.moderating = new Moderating(call, this);
    this.stage = new Stage({ roster: this.roster, listens: this.listens });
    call.on('stateChanged', (state) => {
      this.state.value = state;
      if (state.kind === 'joined') {
        this.#role.value = state.role;
        this.#joinedMs ??= Date.now();
      }
      if (state.kind === 'left') {
        this.stage.close();
        if (this.#joinedMs !== undefined) this.#lastedMs = Date.now() - this.#joinedMs;
      }
    });
    call.on('rosterChanged', (roster) => {
      this.#tellRecorders(this.roster.value, roster);
      this.roster.value = roster;
    });
    call.on('securityChanged', (security) => {
      this.security.value = security;
    });
    call.on('localTrackChanged', (source) => this.#localChanged(source));
    call.on('qualityChanged', ({ peerId, quality }) => {
      if (peerId !== undefined) this.#qualities.value = markedAfter(this.#qualities.value, peerId, quality);
    });
    call.on('devicesChanged', (devices) => {
      this.devices.value = devices;
    });
    call.on('deviceReplaced', (kind) => this.notify({ key: `${kind}-replaced`, text: replacedNotice(kind) }));
    call.on('deviceError', (error) => {
      if (!deviceNotice(error)) return;
      this.notify({
        key: `${error.source}-${error.problem}`,
        get text() {
          return deviceNotice(error) ?? ''; // read when it is shown: the language may change under it
        },
        ...this.#again(error),
      });
    });
    call.on('autoplayBlocked', () => {
      this.soundBlocked.value = true;
    });
  }

  /** What this device captures from `source`, as it is now. */
  local(source: Source): LocalTrack | undefined {
    return this.#localTracks.value.get(source);
  }

  /** How somebody comes through, where that is worth a mark. */
  quality(peerId: PeerId): MarkedQuality | undefined {
    return this.#qualities.value.get(peerId);
  }

  readonly microphoneOn: ReadonlySignal<boolean> = computed(() => this.local('microphone')?.muted === false);
  readonly cameraOn: ReadonlySignal<boolean> = computed(() => this.local('camera') !== undefined);
  /** Who may hear and see, and not be heard or seen. */
  readonly listens: ReadonlySignal<boolean> = computed(() => this.#role.value === 'listener');
  readonly listeners = computed(() => this.roster.value.peers.filter(({ role }) => role === 'listener'));
  readonly sharing: ReadonlySignal<boolean> = computed(() => this.local('screen') !== undefined);

  /** Everybody by name, oneself too. */
  readonly people = computed(() => {
    const { value: roster } = this.roster;
    const { value: state } = this.state;
    return listPeople({
      roster,
      security: this.security.value,
      hands: this.talk.hands.value,
      oneself: {
        name: this.call.displayName,
        role: this.#role.value ?? 'speaker',
        moderator: this.moderating.allowed.value,
        handRaised: this.talk.handRaised.value,
        muted: !this.microphoneOn.value,
        speaking: state.kind === 'joined' && roster.speakers.includes(state.peerId),
      },
    });
  });

  async join(name: string): Promise<void> {
    this.call.displayName = name;
    void this.quiet.again();
    await this.call.join(location.origin, () => fetchDevToken(this.link.room)).catch(() => undefined); // the state says why
  }

  /** What others need to come in, whole. */
  get inviteLink(): string {
    return location.origin + pathOf(this.link);
  }

  /** How long this device was in the call, when it has left; nothing when it never was. */
  get lastedMs(): number | undefined {
    return this.#lastedMs;
  }

  /** Turns to that page, or as near to it as there are pages. */
  turnTo(page: number): void {
    if (!this.stage.turnTo(page)) return;
    const { index, count } = this.stage.arrangement.value.page;
    this.talk.announcement.value = pageLabel(index + 1, count);
  }

  /** Opens it, or closes it when it is the one that stands open. */
  toggle(panel: Panel): void {
    this.panel.value = this.panel.value === panel ? undefined : panel;
  }

  /** On while held, where it was off; a microphone that is on already stays as it is. */
  holdToTalk(held: boolean): void {
    if (held ? this.microphoneOn.value || this.listens.value : !this.heldToTalk.value) return;
    this.heldToTalk.value = held;
    void this.call.setMicrophone(held);
  }

  async playSound(): Promise<void> {
    this.soundBlocked.value = false;
    await this.call.resumeAudio();
  }

  notify(notice: Notice): void {
    this.notices.value = [...this.notices.value.filter(({ key }) => key !== notice.key), notice];
  }

  dismiss(key: string): void {
    this.notices.value = this.notices.value.filter((notice) => notice.key !== key);
  }

  /** A notice that stays until somebody has read it, and a word to those who hear the page when nobody records any more. */
  #tellRecorders(before: Roster, after: Roster): void {
    const [were, are] = [recordersOf(before), recordersOf(after)];
    if (were.join() === are.join()) return;
    if (are.length > 0) this.notify({ key: 'recording', text: recordingLabel(are) });
    else {
      this.dismiss('recording');
      this.talk.announcement.value = STRINGS.recording.over;
    }
  }

  /** A device that is not there can be tried again, where a person can mend it. */
  #again({ source, problem }: DeviceError): Pick<Notice, 'action'> {
    if (problem === 'forbidden' || problem === 'insecure' || source === 'screen-audio') return {};
    const act = () => {
      this.dismiss(`${source}-${problem}`);
      if (source === 'microphone') void this.call.setMicrophone(true);
      else if (source === 'camera') void this.call.setCamera(true);
      else void this.call.setScreenShare(true);
    };
    return { action: { label: STRINGS.call.tryAgain, act } };
  }

  #localChanged(source: Source): void {
    const tracks = new Map(this.#localTracks.value);
    const track = this.call.localTrack(source);
    if (track) tracks.set(source, { ...track });
    else tracks.delete(source);
    this.#localTracks.value = tracks;
  }
}
