import type { DeviceError, DeviceKind, EmojiCode, HaltCause, RefusedReason } from '../../src/client/index.ts';
import type { Lasted } from '../lasted.ts';
import type { Doubt, SecurityMark } from '../security-mark.ts';

/** Every word that a person reads or hears read out. */
const STRINGS = {
  product: 'Conclave',
  start: {
    title: 'Calls that stay between you',
    lead: 'Make a call, send the link, talk.',
    create: 'New call',
    lobby: 'Ask me before somebody comes in',
  },
  incompleteLink: {
    title: 'This link is not whole',
    lead: 'The part after # is missing. Only people who have it can come in: ask for the link again, or start a call of your own.',
  },
  waiting: {
    title: 'Somebody will let you in',
    lead: 'People in the call can see that you are waiting.',
    as: 'They see you as',
    leave: 'Stop waiting',
  },
  lobby: {
    title: 'Ready to join?',
    name: 'Your name',
    nameHint: 'How others will see you',
    join: 'Join',
    joining: 'Joining…',
    cameraOff: 'Camera is off',
    preview: 'Your camera',
    level: 'Microphone level',
  },
  controls: {
    region: 'Call controls',
    microphoneOn: 'Turn microphone on',
    microphoneOff: 'Turn microphone off',
    cameraOn: 'Turn camera on',
    cameraOff: 'Turn camera off',
    shareOn: 'Share screen',
    shareOff: 'Stop sharing',
    invite: 'Invite people',
    inviteShort: 'Invite',
    handUp: 'Raise hand',
    handDown: 'Lower hand',
    react: 'React',
    reactions: 'Reactions',
    chat: 'Chat',
    leave: 'Leave',
    more: 'More',
    keys: 'Keyboard',
  },
  call: {
    people: 'People in the call',
    you: 'You',
    alone: 'Nobody else is here yet',
    aloneLead: 'Send the invite link to bring people in.',
    reconnecting: 'Connection lost. Getting you back…',
    reconnectingLead: 'Nobody hears or sees you until then.',
    sharing: 'You are sharing your screen.',
    talking: 'You are heard while you hold the space bar.',
    tryAgain: 'Try again',
    soundBlocked: 'Your browser holds the sound back.',
    playSound: 'Play sound',
    dismiss: 'Dismiss',
    close: 'Close',
    hand: 'Hand raised',
    pages: 'Pages of people',
    pageBack: 'Previous page',
    pageOn: 'Next page',
  },
  stage: {
    grid: 'Grid view',
    speaker: 'Speaker view',
    pin: 'Keep large',
    unpin: 'No longer large',
  },
  invite: {
    title: 'Invite people',
    lead: 'Who opens this link is two clicks away from the call.',
    link: 'Invite link',
    copy: 'Copy link',
    copied: 'Link copied',
    byHand: 'Your browser does not let this page copy. Select the link, and copy it by hand.',
    share: 'Send…',
    scan: 'Or hold a phone’s camera against it.',
    qr: 'QR code of the invite link',
    holds:
      'The link holds the key of this call, in the part after #. The server never gets that part. Send it only to people who may come in.',
    holdsAsked:
      'The link holds the key of this call, in the part after #. The server never gets that part. Who comes with it waits until somebody here lets them in.',
  },
  settings: {
    title: 'Settings',
    devices: 'Devices',
    microphone: 'Microphone',
    camera: 'Camera',
    speaker: 'Speaker',
    standard: 'As the browser chooses',
  },
  keys: {
    title: 'Keyboard',
    lead: 'Single keys, while you are not typing.',
    microphone: 'Microphone on or off',
    talk: 'Talk while you hold it, when the microphone is off',
    camera: 'Camera on or off',
    hand: 'Raise or lower your hand',
    chat: 'Open or close the chat',
    people: 'Show the people',
    view: 'Speaker view or grid',
    pages: 'Previous and next page',
    close: 'Close what is open',
    help: 'These keys',
    space: 'Space',
    pageUp: 'Page ↑',
    pageDown: 'Page ↓',
  },
  knocking: {
    region: 'People who want to come in',
    wants: 'wants to come in',
    nameless: 'Somebody without a name',
    admit: 'Admit',
    refuse: 'Refuse',
  },
  people: {
    title: 'People',
    talking: 'In the call',
    listening: 'Listening',
    moderator: 'may lock and remove',
    speaking: 'speaking',
    muted: 'microphone off',
    unmuted: 'microphone on',
    volume: 'Volume',
    askToMute: 'Ask to mute',
    remove: 'Remove',
    removeWhy: 'They cannot come back with this device while the call lasts. Everybody sees that it was you.',
    keep: 'Cancel',
    lock: 'Lock the call',
    lockWhy: 'Let nobody new come in.',
    lockedWhy: 'Nobody new can come in.',
    isLocked: 'Locked: nobody new can come in.',
    allModerate: 'Everybody here may lock the call and remove people. All see who did it.',
    someModerate: 'Only some may lock the call and remove people. All see who did it.',
    mute: 'Mute',
    ignore: 'Ignore',
    tooOften: 'You did that a moment ago. Wait a little.',
    failed: 'That did not work. Try again in a moment.',
  },
  chat: {
    title: 'Chat',
    lead: 'Only people in the call can read this, from when they came.',
    empty: 'Nothing said yet.',
    messages: 'Messages',
    input: 'Your message',
    send: 'Send message',
    you: 'You',
    halted: 'Nothing is sent until the call is safe again.',
  },
  security: {
    title: 'Security',
    people: 'Who is in the call',
    you: 'You',
    listens: 'listens',
    compare: 'Compare the code',
    which: 'Which code',
    emoji: 'Six pictures',
    digits: '30 digits',
    alone: 'When somebody else is here, you can compare a code and be sure that nobody stands between you.',
    why: 'Compare once, and this device knows these people from then on. A code that differs gives away somebody who listens in.',
    make: 'Make the code',
    making: 'Everybody’s devices are making the code…',
    read: 'Ask everybody to read these aloud: they must be the same, in the same order.',
    notIn: 'Not in this code:',
    again: 'Try again',
    anew: 'Make a new code',
    readDigits: 'Read them to each other, or scan the square with another phone: they must be the same.',
    countDigits: 'Working the digits out…',
    qr: 'QR code of the 30 digits',
    same: 'It is the same',
    verified: 'Everybody here is verified.',
    differs: 'Not the same? Then somebody may be listening in: leave, and make a new call.',
  },
  quiet: {
    label: 'Take out background noise',
    failed: 'Background noise cannot be taken out in this browser. You are heard as you are.',
  },
  recording: {
    title: 'Recording',
    lead: 'Keeps what you see and hear in a file on this device. Everybody in the call is told.',
    start: 'Record the call',
    asking: 'Where shall it go?',
    saving: 'Saving…',
    stop: 'Stop recording',
    short: 'REC',
    elsewhere: 'Anybody can also record a call by other means, and then nobody is told.',
    over: 'Nobody is recording any more',
    problems: {
      unsupported: 'This browser cannot record calls.',
      full: 'The recording has stopped: a browser without access to files holds about 50 minutes. It has been saved.',
      failed: 'The recording has stopped, because it could not be written any further.',
    },
  },
  halted: {
    leave: 'Leave',
    rejoin: 'Leave and join again',
    who: 'Show who',
  },
  otherDevice: {
    here: 'You are in this call on another device too.',
    move: 'Move the call here',
    keepBoth: 'Keep both',
  },
  left: {
    moved: 'It goes on there. You can take it back at any time.',
    movedTitle: 'The call is on your other device now',
    title: 'You left the call',
    ended: 'The call ended for you',
    failed: 'You could not join',
    again: 'Join again',
    start: 'Start page',
    unreachable: 'The server could not be reached for a minute.',
    broken: 'Something went wrong on the server.',
  },
} as const;

/** What a tile says of a person, after the name. */
const TILE_MARKS = {
  speaking: 'speaking',
  muted: 'microphone off',
  handRaised: 'hand raised',
} as const;

/** What is odd about one member, on their tile and in the list. */
const DOUBTS: Readonly<Record<Doubt, string>> = {
  forked: 'sees another call',
  'changed-device': 'on a new device',
  unconfirmed: 'not confirmed',
};

const TRUSTS = {
  verified: 'verified',
  new: 'not compared yet',
  'changed-device': 'on a new device',
} as const;

/** The lock: what it says in a word, and in a sentence at the head of its panel. */
const SECURITY_MARKS: Readonly<Record<SecurityMark, { readonly word: string; readonly sentence: string }>> = {
  halted: { word: 'Stopped', sentence: 'Nothing of yours is sent now.' },
  settling: { word: 'Getting keys…', sentence: 'Your device is getting the keys of this call.' },
  'changed-device': {
    word: 'New device',
    sentence: 'Somebody whom you know is on a new device. Compare the code again: it may be somebody else.',
  },
  unconfirmed: {
    word: 'Unconfirmed',
    sentence: 'A device has not confirmed for a while that it is in this call. It may only be in a tunnel.',
  },
  'most-unconfirmed': {
    word: 'Unconfirmed',
    sentence:
      'Most devices have not confirmed for a while that they are in this call. Your own connection may be slow.',
  },
  new: { word: 'Somebody new', sentence: 'Somebody came whom you have not compared the code with.' },
  verified: {
    word: 'Verified',
    sentence: 'Encrypted from device to device, and you have compared the code with everybody.',
  },
  encrypted: {
    word: 'Encrypted',
    sentence: 'Encrypted from device to device: the server can neither see nor hear you.',
  },
};

/** Why nothing is sent. */
const HALTS: Readonly<Record<HaltCause, string>> = {
  forked: 'People see different calls. Nothing of yours is sent until that is clear.',
  'commit-refused': 'The server tried to let in somebody whom nobody here can vouch for. Nothing of yours is sent.',
  unsealed: 'Your browser tried to send without encryption. Nothing of yours is sent any more.',
  broke: 'The encryption stopped working on this device. Nothing of yours is sent any more.',
};

type AbortReason = Extract<EmojiCode, { readonly kind: 'aborted' }>['reason'];

/** Why there is no code. `names` are those by whose doing or silence; empty when it was nobody's. */
function abortNotice(reason: AbortReason, names: readonly string[]): string {
  const who = names.length > 0 ? names.join(', ') : 'Somebody';
  switch (reason) {
    case 'wrong-share':
    case 'second-commitment':
    case 'early-reveal':
    case 'foreign-close':
    case 'bad-close':
      return `${who} sent something that does not fit. If that happens again, do not trust this call.`;
    case 'left-out':
      return `${who} was too late for the code.`;
    case 'not-closed':
    case 'share-missing':
      return `${who} fell silent before the code was done.`;
    case 'nobody-answered':
      return 'Nobody’s device answered in time.';
    case 'overtaken':
    case 'given-up':
      return 'Two people started a code at once.';
    case 'epoch-changed':
      return 'Somebody came or left before the code was done.';
  }
}

/** What a reaction is called when it is read out. */
const REACTIONS = [
  { emoji: '👍', name: 'Thumbs up' },
  { emoji: '❤️', name: 'Heart' },
  { emoji: '😂', name: 'Laughing' },
  { emoji: '👏', name: 'Applause' },
  { emoji: '🎉', name: 'Party' },
  { emoji: '😮', name: 'Surprised' },
] as const;

/** For those who do not see the tiles. */
const handAnnouncement = (name: string): string => `${name} raised a hand`;

const unreadLabel = (count: number): string =>
  count === 0 ? STRINGS.controls.chat : `${STRINGS.controls.chat}, ${count} unread`;

const pageLabel = (page: number, count: number): string => `Page ${page} of ${count}`;

/** Who records, for everybody to see. */
function recordingLabel([first = '', ...others]: readonly string[]): string {
  const [second] = others;
  if (second === undefined) return `${first} is recording`;
  return others.length === 1
    ? `${first} and ${second} are recording`
    : `${first} and ${others.length} more are recording`;
}

/** Those who hear the call and cannot speak in it. */
const listenersLabel = (count: number): string => `${count} ${count === 1 ? 'listener' : 'listeners'}`;

/** How well the line of a peer carries; what is good needs no mark. */
const QUALITIES = { poor: 'poor connection', lost: 'connection lost' } as const;

/** The button that a tile is; `aria-pressed` says whether it is so. */
const pinLabel = (name: string): string => `Keep ${name} large`;

const moreLabel = (name: string): string => `More: ${name}`;

/** How long somebody was in a call. */
function lastedNotice({ hours, minutes }: Lasted): string {
  if (hours + minutes === 0) return 'You were in the call for less than a minute.';
  const parts = [hours > 0 && counted(hours, 'hour'), minutes > 0 && counted(minutes, 'minute')];
  return `You were in the call for ${parts.filter(Boolean).join(' and ')}.`;
}

const counted = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

const screenLabel = (name: string): string => `${name}: screen`;

const DEVICES = {
  microphone: 'microphone',
  camera: 'camera',
  screen: 'screen',
  'screen-audio': 'screen sound',
} as const;

/** Why a device is not there, and that the call goes on. Nobody needs to be told that they closed the screen picker. */
/** A chosen device went away, and the call goes on with another. */
const replacedNotice = (kind: DeviceKind): string =>
  `Your ${kind} was disconnected. The call goes on with another one.`;

function deviceNotice({ source, problem }: DeviceError): string | undefined {
  const device = DEVICES[source];
  if (source === 'screen' && problem === 'refused') return undefined;
  switch (problem) {
    case 'refused':
      return `Your ${device} is blocked for this page. You can join without it, or allow it in the browser’s address bar.`;
    case 'missing':
      return `No ${device} was found. The call goes on without it.`;
    case 'in-use':
      return `Another program is using your ${device}. The call goes on without it.`;
    case 'lost':
      return `Your ${device} was disconnected. The call goes on without it.`;
    case 'insecure':
      return `Browsers give a page your ${device} only over https. The call goes on without it.`;
    case 'forbidden':
      return `You may listen to this call, but not share your ${device}.`;
    case 'failed':
      return `Your ${device} did not start. The call goes on without it.`;
  }
}

/** Why the server said no, by the codes of docs/protocol.md. */
const REFUSALS = {
  removed: 'You were removed from this call.',
  'room-locked': 'This call is locked: nobody new can come in. Ask somebody inside to open it.',
  'room-full': 'This call is full.',
  'server-full': 'The server is full. Try again in a moment.',
  'token-expired': 'This invitation has expired.',
  unauthenticated: 'This server did not let you in.',
  'wrong-room': 'This invitation is for another call.',
  replaced: 'You joined this call from somewhere else.',
  unavailable: 'The server could not be reached.',
  'rate-limited': 'Too many tries. Wait a moment.',
  forbidden: 'This browser is too old for protected calls. Update it and try again.',
} as const;

/** Why the people in the call said no. */
const NOT_ADMITTED: Readonly<Record<RefusedReason, string>> = {
  'no-proof': 'This link is for another call. Ask for the link again.',
  invalid: 'This device could not be let in. Reload the page and try again.',
  waiting: 'Nobody let you in.',
  denied: 'Somebody in the call turned you away.',
  'cannot-enter': 'This device could not be let in. Reload the page and try again.',
};

/** Who did what to whom. */
const MODERATION = {
  locked: (by: string) => `${by} locked the call`,
  opened: (by: string) => `${by} opened the call again`,
  removed: (by: string, name: string) => `${by} removed ${name} from the call`,
  youRemoved: (name: string) => `You removed ${name} from the call`,
  removedYou: (by: string) => `${by} removed you from this call.`,
  asked: (name: string) => `${name} was asked to mute`,
  asksYou: (name: string) => `${name} asks you to mute your microphone`,
} as const;

/** Of the button that opens the list, and of what is in it. */
const peopleLabel = (count: number, { locked }: { readonly locked: boolean }): string =>
  `${STRINGS.people.title}, ${count}${locked ? ', locked' : ''}`;

const personLabel = (name: string): string => `Options for ${name}`;

const volumeLabel = (name: string): string => `Volume of ${name}`;

/** The words of the page. What is here every other language has, or it does not compile. */
export const en = {
  STRINGS,
  TILE_MARKS,
  DOUBTS,
  QUALITIES,
  TRUSTS,
  SECURITY_MARKS,
  HALTS,
  abortNotice,
  REACTIONS,
  handAnnouncement,
  unreadLabel,
  pageLabel,
  recordingLabel,
  listenersLabel,
  screenLabel,
  pinLabel,
  moreLabel,
  lastedNotice,
  deviceNotice,
  replacedNotice,
  REFUSALS,
  NOT_ADMITTED,
  MODERATION,
  peopleLabel,
  personLabel,
  volumeLabel,
};
