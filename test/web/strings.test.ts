import { describe, expect, test } from 'vitest';
import { deviceNotice, leftNotice, screenLabel, tileLabel } from '../../web/strings.ts';

describe('what people read', () => {
  test.each([
    ['Ada', { speaking: false, muted: false }, 'Ada'],
    ['Ada', { speaking: true, muted: false }, 'Ada, speaking'],
    ['Ada', { speaking: false, muted: true }, 'Ada, microphone off'],
  ])('the label of %s %o', (name, marks, label) => {
    expect(tileLabel(name, marks)).toBe(label);
    expect(screenLabel(name)).toBe('Ada: screen');
  });

  test('nobody is told that they closed the screen picker', () => {
    expect(deviceNotice({ source: 'screen', problem: 'refused' })).toBeUndefined();
    expect(deviceNotice({ source: 'camera', problem: 'refused' })).toContain('camera is blocked');
  });

  test('nobody is told why they left when they asked to', () => {
    expect(leftNotice({ kind: 'asked' })).toBeUndefined();
  });

  test('a code that is newer than this page has words too', () => {
    expect(leftNotice({ kind: 'refused', code: 'newer-than-this', message: '' })).toBe(
      'Something went wrong on the server.',
    );
  });
});
