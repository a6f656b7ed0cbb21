import type { AddRefusal } from '../../wire/index.ts';

/** Why a key package was refused, as the server is told: no more than it needs. */
export function wireRefusal(reason: string): AddRefusal {
  return reason === 'no-proof' ? reason : 'invalid';
}
