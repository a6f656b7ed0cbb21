import type { Source } from '../wire/index.ts';

/** Why a microphone, camera or screen is not there. The call goes on without it. */
export type DeviceProblem =
  /** The person or the browser's policy said no. */
  | 'refused'
  /** There is none, or none like that. */
  | 'missing'
  /** Another program holds it. */
  | 'in-use'
  /** It was there and went: unplugged, or taken away by the system. */
  | 'lost'
  /** The page is not served over https (or from localhost): browsers show it no devices. */
  | 'insecure'
  /** The server does not let this person publish it. */
  | 'forbidden'
  | 'failed';

export interface DeviceError {
  readonly source: Source;
  readonly problem: DeviceProblem;
}

const PROBLEMS: Readonly<Record<string, DeviceProblem>> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'in-use',
  AbortError: 'in-use',
};

/** What an error of getUserMedia or getDisplayMedia means (W3C mediacapture-streams section 10.2). */
export function deviceProblem(error: unknown): DeviceProblem {
  const name = typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
  return PROBLEMS[name] ?? 'failed';
}
