import { CallError } from '../../base/index.ts';
import type { SentClientMessage } from '../../wire/index.ts';

/** How a member reaches the delivery service. */
export interface DeliveryPort {
  /** Resolves when the server has carried it out. Rejects with CallError. */
  request(body: SentClientMessage): Promise<void>;
  intend(body: SentClientMessage): void;
}

/** Where what a member says goes once it has left. */
export const CLOSED_PORT: DeliveryPort = {
  request: () => Promise.reject(new CallError('unavailable', 'the group was left')),
  intend: () => undefined,
};
