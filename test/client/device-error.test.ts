import { expect, test } from 'vitest';
import { type DeviceProblem, deviceProblem } from '../../src/client/device-error.ts';

test.each<[string, DeviceProblem]>([
  ['NotAllowedError', 'refused'],
  ['SecurityError', 'refused'],
  ['NotFoundError', 'missing'],
  ['OverconstrainedError', 'missing'],
  ['NotReadableError', 'in-use'],
  ['AbortError', 'in-use'],
  ['InvalidStateError', 'failed'],
])('%s of a browser means %s', (name, problem) => {
  expect(deviceProblem(new DOMException('', name))).toBe(problem);
});

test.each([[new TypeError('x')], ['text'], [null], [undefined]])('anything else has failed: %s', (error) => {
  expect(deviceProblem(error)).toBe('failed');
});
