import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bindingRequest, bindingSuccess, isBindingRequest, isBindingSuccess, OWN_CREDENTIALS } from './stun.ts';

/** The request of RFC 5769, section 2.1, as far as its answer depends on it. */
const REQUEST = Buffer.from('000100002112a442b7e7a701bc34d686fa87dfae', 'hex');

describe('the answer to a check', () => {
  const answer = bindingSuccess(REQUEST, { address: '192.0.2.1', port: 32_853 });

  test('belongs to it', () => {
    expect(isBindingSuccess(answer)).toBe(true);
    expect(answer.subarray(4, 20)).toEqual(REQUEST.subarray(4, 20));
  });

  test('tells where it came from, as RFC 5769 prints it (section 2.2)', () => {
    expect(answer.toString('hex')).toContain('002000080001a147e112a643');
  });

  test('is signed with our own password, over all before', () => {
    const signed = answer.indexOf(Buffer.from('00080014', 'hex'));
    const covered = Buffer.from(answer.subarray(0, signed));
    covered.writeUInt16BE(signed + 24 - 20, 2);
    const seal = createHmac('sha1', OWN_CREDENTIALS.password).update(covered).digest();
    expect(answer.subarray(signed + 4, signed + 24)).toEqual(seal);
  });
});

test('a check is one, and its answer is none', () => {
  const server = { usernameFragment: 'serv', password: 'p'.repeat(22) };
  expect(isBindingRequest(bindingRequest(server))).toBe(true);
  expect(isBindingSuccess(bindingRequest(server))).toBe(false);
  expect(isBindingRequest(bindingSuccess(REQUEST, { address: '127.0.0.1', port: 1 }))).toBe(false);
});
