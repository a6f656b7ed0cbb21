import { monitorEventLoopDelay } from 'node:perf_hooks';
import { CallError } from '../src/base/index.ts';
import type { Counts } from './counts.ts';
import type { Invitation } from './pool.ts';
import type { FromProcess, ToProcess } from './process-messages.ts';

/** How exact the event loop's delay is; it costs a timer. */
const LOOP_RESOLUTION_MS = 10;

/** A server that answers nobody holds nobody up. */
const LEAVE_LIMIT_MS = 3_000;

/** Somebody in the call. */
export interface Participant {
  /** From asking to join until in the call. */
  readonly joinMs: number;
  counts(): Counts;
  /** Resolves also when the call is gone already. */
  leave(): Promise<void>;
}

/** Participants of one kind. */
export interface Participants {
  /** @throws when that one cannot come in. */
  join(invitation: Invitation): Promise<Participant>;
  /** Brings up to date what `counts` says of everybody. */
  refresh(): Promise<void>;
}

/**
 * Makes this process one of participants: forked by the driver, it does what it is told by it, and is gone when the driver is. In
 * a process of its own so that the driver's clock stays true when participants are busy.
 */
export function serve(participants: Participants): void {
  const joined = new Map<number, Participant>();
  const loopDelay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  loopDelay.enable();
  process.on('message', (message: ToProcess) => {
    if (message.kind === 'join') void join(message.invitation).then(tell);
    if (message.kind === 'read') void read().then(tell);
    if (message.kind === 'leave') void leave();
  });
  process.once('disconnect', () => process.exit());
  process.on('SIGINT', () => undefined); // the driver says when to leave

  async function join(invitation: Invitation): Promise<FromProcess> {
    const { id } = invitation.planned;
    try {
      const participant = await participants.join(invitation);
      joined.set(id, participant);
      return { kind: 'joined', id, joinMs: participant.joinMs };
    } catch (error) {
      return { kind: 'failed', id, code: codeOf(error), message: (error as Error).message };
    }
  }

  async function read(): Promise<FromProcess> {
    await participants.refresh();
    const counts = [...joined].map(([id, participant]) => [id, participant.counts()] as const);
    const loopDelayMs = Math.max(0, loopDelay.percentile(99) / 1e6 - LOOP_RESOLUTION_MS);
    loopDelay.reset();
    return { kind: 'reading', counts, loopDelayMs };
  }

  async function leave(): Promise<void> {
    const limit = new Promise((resolve) => setTimeout(resolve, LEAVE_LIMIT_MS));
    await Promise.race([Promise.all([...joined.values()].map((participant) => participant.leave())), limit]);
    process.exit();
  }
}

function tell(message: FromProcess): void {
  if (process.connected) process.send?.(message);
}

function codeOf(error: unknown): string {
  if (error instanceof CallError) return error.code;
  return (error as Error).message.startsWith('waited') ? 'timeout' : 'error'; // as until() says it
}
