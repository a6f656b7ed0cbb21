import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import {
  Call,
  type CallState,
  type LocalTrack,
  type Role,
  type Roster,
  type Security,
  type Source,
} from '../src/client/index.ts';
import { type CallLink, pathOf } from './call-link.ts';
import { fetchDevToken } from './dev-token.ts';
import type { Box } from './grid-layout.ts';
import { gridPage, pageTiles } from './grid-pages.ts';
import { Moderating } from './moderating.ts';
import { listPeople } from './people.ts';
import { Quiet } from './quiet.ts';
import { recordersOf } from './recording/recorders.ts';
import { Recording } from './recording/recording.ts';
import { deviceNotice, pageLabel, recordingLabel, STRINGS } from './strings/index.ts';
import { Talk } from './talk.ts';

/** Something to read and put away. */
export interface Notice {
  /** One per cause: a newer one takes the place of the older. */
  readonly key: string;
  readonly text: string;
  /** A link that could not be copied: shown for copying by hand. */
  readonly link?: string;
}

/** What may stand beside the tiles, one at a time. */
export type Panel = 'security' | 'people' | 'chat' | 'settings';

/** Long enough to read a short line twice. */
const PASSING_NOTICE_MS = 4_000;

/** A Call as signals, for the screens. */
export class CallModel {
  readonly call: Call;
  readonly link: CallLink;
  readonly state;
  readonly roster;
  readonly security;
  readonly talk: Talk;
  readonly quiet: Quiet;
  readonly recording: Recording;
  readonly moderating: Moderating;
  /** What the grid of people has to itself; nothing before it is measured. */
  readonly peopleBox = signal<Box | undefined>(undefined);
  readonly panel = signal<Panel | undefined>(undefined);
  readonly notices = signal<readonly Notice[]>([]);
  readonly soundBlocked = signal(false);
  readonly #page = signal(0);
  readonly #role = signal<Role | undefined>(undefined);
  readonly #localTracks = signal<ReadonlyMap<Source, LocalTrack>>(new Map());

  constructor(link: CallLink, name: string) {
    const { room, secret, lobby } = link;
    const call = new Call({ displayName: name, roomId: room, secret, lobby });
    this.call = call;
    this.link = link;
    this.state = signal<CallState>(call.state);
    this.roster = signal<Roster>(call.roster);
    this.security = signal<Security>(call.security);
    this.talk = new Talk(call);
    this.quiet = new Quiet(call, () => this.notify({ key: 'quiet', text: STRINGS.quiet.failed }));
    this.recording = new Recording(call, (problem) =>
      this.notify({ key: 'recording-failed', text: STRINGS.recording.problems[problem] }),
    );
    this.moderating = new Moderating(call, this);
    call.on('stateChanged', (state) => {
      this.state.value = state;
      if (state.kind === 'joined') this.#role.value = state.role;
    });
    call.on('rosterChanged', (roster) => {
      this.#tellRecorders(this.roster.value, roster);
      this.roster.value = roster;
    });
    call.on('securityChanged', (security) => {
      this.security.value = security;
    });
    call.on('localTrackChanged', (source) => this.#localChanged(source));
    call.on('deviceError', (error) => {
      if (!deviceNotice(error)) return;
      this.notify({
        key: `${error.source}-${error.problem}`,
        get text() {
          return deviceNotice(error) ?? ''; // read when it is shown: the language may change under it
        },
      });
    });
    call.on('autoplayBlocked', () => {
      this.soundBlocked.value = true;
    });
    effect(() => {
      this.#page.value = this.peoplePage.value.index; // who comes later turns no page
    });
  }

  /** What this device captures from `source`, as it is now. */
  local(source: Source): LocalTrack | undefined {
    return this.#localTracks.value.get(source);
  }

  readonly microphoneOn: ReadonlySignal<boolean> = computed(() => this.local('microphone')?.muted === false);
  readonly cameraOn: ReadonlySignal<boolean> = computed(() => this.local('camera') !== undefined);
  /** Who may hear and see, and not be heard or seen. */
  readonly listens: ReadonlySignal<boolean> = computed(() => this.#role.value === 'listener');
  readonly onStage = computed(() => this.roster.value.peers.filter(({ role }) => role === 'speaker'));
  readonly listeners = computed(() => this.roster.value.peers.filter(({ role }) => role === 'listener'));
  /** The page of the grid that is shown: as many people as the box has room for, oneself beside them. */
  readonly peoplePage = computed(() => {
    const tiles = this.peopleBox.value ? pageTiles(this.peopleBox.value) : 1;
    return gridPage(this.onStage.value, this.#page.value, Math.max(1, this.listens.value ? tiles : tiles - 1));
  });
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

  async copyInvite(): Promise<void> {
    const link = location.origin + pathOf(this.link);
    try {
      await navigator.clipboard.writeText(link);
      this.notify({ key: 'invite', text: STRINGS.call.invited });
      setTimeout(() => this.dismiss('invite'), PASSING_NOTICE_MS);
    } catch {
      this.notify({ key: 'invite', text: STRINGS.call.inviteByHand, link }); // no permission, or a page without https
    }
  }

  /** Turns the grid to that page, or as near to it as there are pages. */
  turnTo(page: number): void {
    const before = this.peoplePage.value.index;
    this.#page.value = page;
    const { index, count } = this.peoplePage.value;
    if (index !== before) this.talk.announcement.value = pageLabel(index + 1, count);
  }

  /** Opens it, or closes it when it is the one that stands open. */
  toggle(panel: Panel): void {
    this.panel.value = this.panel.value === panel ? undefined : panel;
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

  #localChanged(source: Source): void {
    const tracks = new Map(this.#localTracks.value);
    const track = this.call.localTrack(source);
    if (track) tracks.set(source, { ...track });
    else tracks.delete(source);
    this.#localTracks.value = tracks;
  }
}
