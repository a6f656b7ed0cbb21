import { errors } from 'mediasoup';
import { CallError } from '../base/index.ts';
import { type CloseReason, closedError } from './close-reason.ts';

/**
 * mediasoup's error in our words. Once the peer has closed, that is why the call failed; before, what the client asked for is.
 * Asked where the error arrives, so that `closed` is the state after it.
 */
export function refusalOf(error: unknown, closed: CloseReason | undefined): CallError {
  if (error instanceof CallError) return error;
  if (closed) return closedError(closed, error);
  if (error instanceof errors.WorkerClosedError) return closedError('lost', error);
  return new CallError('invalid', 'the media server refuses these parameters', { cause: error });
}
