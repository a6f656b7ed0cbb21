import { createHmac } from 'node:crypto';

/** HMAC keys of the scheme have 24 to 64 bytes. */
const SECRET_BYTES = { least: 24, most: 64 };
const SECRET_PREFIX = 'whsec_';

/** The key in the text of a secret: `whsec_` and base64. `undefined` when it is none. */
export function webhookKey(secret: string): Buffer | undefined {
  const text = secret.trim();
  if (!text.startsWith(SECRET_PREFIX)) return undefined;
  const encoded = text.slice(SECRET_PREFIX.length);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return undefined;
  const key = Buffer.from(encoded, 'base64');
  return key.byteLength >= SECRET_BYTES.least && key.byteLength <= SECRET_BYTES.most ? key : undefined;
}

export interface SignedEvent {
  readonly id: string;
  /** Seconds since 1970: receivers refuse what is old, so that nothing can be sent again. */
  readonly timestampS: number;
  readonly body: string;
}

/** `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body` (Standard Webhooks 1.0.0, "Signature scheme"). */
export function webhookSignature({ id, timestampS, body }: SignedEvent, key: Uint8Array): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestampS}.${body}`).digest('base64')}`;
}
