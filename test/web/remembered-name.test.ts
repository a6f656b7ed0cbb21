import { afterEach, expect, test, vi } from 'vitest';
import { rememberedName, rememberName } from '../../web/remembered-name.ts';

afterEach(() => vi.unstubAllGlobals());

test('a name is remembered', () => {
  const stored = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
  });
  expect(rememberedName()).toBe('');
  rememberName('Ada');
  expect(rememberedName()).toBe('Ada');
});

test('where storage is off it is empty, and nothing breaks', () => {
  const blocked = () => {
    throw new DOMException('', 'SecurityError');
  };
  vi.stubGlobal('localStorage', { getItem: blocked, setItem: blocked });
  rememberName('Ada');
  expect(rememberedName()).toBe('');
});
