import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { webhookKey, webhookSignature } from '../../src/ops/webhook-signature.ts';

describe('a signature', () => {
  test('is the one of the example that verifiers of Standard Webhooks are tested with', () => {
    const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
    const event = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestampS: 1_614_265_330, body: '{"test": 2432232314}' };
    expect(webhookSignature(event, key)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  test.each([{ id: 'other' }, { timestampS: 2 }, { body: '{}' }])('is another one for %o', (change) => {
    const key = randomBytes(32);
    const event = { id: 'id', timestampS: 1, body: '{"a":1}' };
    expect(webhookSignature({ ...event, ...change }, key)).not.toBe(webhookSignature(event, key));
    expect(webhookSignature(event, randomBytes(32))).not.toBe(webhookSignature(event, key));
  });
});

describe('a secret', () => {
  test('is whsec_ and base64, and the line may end', () => {
    const key = randomBytes(32);
    expect(webhookKey(`whsec_${key.toString('base64')}\n`)).toEqual(key);
  });

  test.each([
    '',
    'whsec_',
    'secret',
    randomBytes(32).toString('base64'),
    `whsec_${randomBytes(23).toString('base64')}`,
    `whsec_${randomBytes(65).toString('base64')}`,
    'whsec_not base64 at all, and long enough to be',
  ])('%j is none', (text) => {
    expect(webhookKey(text)).toBeUndefined();
  });
});
