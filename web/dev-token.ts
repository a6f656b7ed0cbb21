import { CallError } from '../src/client/index.ts';

/** A token from the server's development key. In production the messenger's backend signs tokens, and this route is not there. */
export async function fetchDevToken(room: string): Promise<string> {
  const response = await fetch('/dev/tokens', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ room }),
  });
  if (!response.ok) throw new CallError('unauthenticated', `no token: HTTP ${response.status}`);
  const { token } = (await response.json()) as { readonly token: string };
  return token;
}
