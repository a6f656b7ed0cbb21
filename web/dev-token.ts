import { CallError, randomId } from '../src/client/index.ts';
import { remember, remembered } from './remembered.ts';

/** One person per browser, one device per tab: a reload is the same device come back. */
const USER_KEY = 'conclave.user';
const DEVICE_KEY = 'conclave.device';

/** A token from the server's development key. In production the messenger's backend signs tokens, and this route is not there. */
export async function fetchDevToken(room: string): Promise<string> {
  const user = ownId(() => localStorage, USER_KEY);
  const device = ownId(() => sessionStorage, DEVICE_KEY);
  const response = await fetch('/dev/tokens', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ room, user, device }),
  });
  if (!response.ok) throw new CallError('unauthenticated', `no token: HTTP ${response.status}`);
  const { token } = (await response.json()) as { readonly token: string };
  return token;
}

function ownId(storage: () => Storage, key: string): string {
  const known = remembered(storage, key);
  if (known !== undefined) return known;
  const fresh = randomId<string>();
  remember(storage, key, fresh);
  return fresh;
}
