import type { DeviceError, LeftReason } from '../src/client/index.ts';

/** Every word that a person reads or hears read out. */
export const STRINGS = {
  product: 'Conclave',
  start: {
    title: 'Calls that stay between you',
    lead: 'Make a call, send the link, talk.',
    create: 'New call',
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
    invite: 'Copy invite link',
    leave: 'Leave',
  },
  call: {
    people: 'People in the call',
    screens: 'Shared screens',
    you: 'You',
    alone: 'Nobody else is here yet',
    aloneLead: 'Send the invite link to bring people in.',
    reconnecting: 'Connection lost. Getting you back…',
    invited: 'Invite link copied',
    inviteByHand: 'Copy this link to invite people',
    soundBlocked: 'Your browser holds the sound back.',
    playSound: 'Play sound',
    dismiss: 'Dismiss',
  },
  left: {
    title: 'You left the call',
    ended: 'The call ended for you',
    failed: 'You could not join',
    again: 'Join again',
    start: 'Start page',
  },
} as const;

/** `Ada, speaking, microphone off`: what a screen reader says of a tile. */
export function tileLabel(name: string, marks: { readonly speaking: boolean; readonly muted: boolean }): string {
  return [name, marks.speaking && 'speaking', marks.muted && 'microphone off'].filter(Boolean).join(', ');
}

export const screenLabel = (name: string): string => `${name}: screen`;

const DEVICES = {
  microphone: 'microphone',
  camera: 'camera',
  screen: 'screen',
  'screen-audio': 'screen sound',
} as const;

/** Why a device is not there, and that the call goes on. Nobody needs to be told that they closed the screen picker. */
export function deviceNotice({ source, problem }: DeviceError): string | undefined {
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

const REFUSALS: Readonly<Record<string, string>> = {
  'room-full': 'This call is full.',
  'server-full': 'The server is full. Try again in a moment.',
  'token-expired': 'This invitation has expired.',
  unauthenticated: 'This server did not let you in.',
  'wrong-room': 'This invitation is for another call.',
  replaced: 'You joined this call from somewhere else.',
  unavailable: 'The server could not be reached.',
  'rate-limited': 'Too many tries. Wait a moment.',
  forbidden: 'This browser is too old for protected calls. Update it and try again.',
};

export function leftNotice(reason: LeftReason): string | undefined {
  if (reason.kind === 'asked') return undefined;
  if (reason.kind === 'unreachable') return 'The server could not be reached for a minute.';
  return REFUSALS[reason.code] ?? 'Something went wrong on the server.';
}
