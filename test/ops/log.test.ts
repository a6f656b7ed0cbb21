import { describe, expect, test } from 'vitest';
import type { LogFields } from '../../src/base/index.ts';
import { openLog } from '../../src/ops/index.ts';

function lines(write: (log: ReturnType<typeof openLog>) => void): Record<string, unknown>[] {
  const written: string[] = [];
  write(openLog('debug', { write: (line) => void written.push(line) }));
  return written.map((line) => JSON.parse(line));
}

describe('a log line', () => {
  test('shows six characters of an id', () => {
    expect(lines((log) => log.info('peer joined', { room: 'abcdefghijkl', peer: 'mnopqrstuvwx' }))).toMatchObject([
      { msg: 'peer joined', room: 'abcdef', peer: 'mnopqr' },
    ]);
  });

  test('drops what is not on the list, even when the types were got around', () => {
    const fields = { code: 'internal', token: 'eyJ', displayName: 'Ada', address: '192.0.2.1' } as LogFields;
    const [line] = lines((log) => log.warn('frame refused', fields));
    expect(Object.keys(line ?? {}).sort()).toEqual(['code', 'level', 'msg', 'time']);
  });

  test('keeps the stack of an error and of its cause, and nothing else of it', () => {
    const error = Object.assign(new Error('outer', { cause: new Error('inner') }), { token: 'eyJ' });
    const [line] = lines((log) => log.error('request failed', { error }));
    expect(line?.error).toMatch(/outer[\s\S]*caused by Error: inner/);
    expect(JSON.stringify(line)).not.toContain('eyJ');
  });

  test('carries the fields of its child log', () => {
    expect(lines((log) => log.child({ room: 'abcdefghijkl' }).info('room opened'))).toMatchObject([{ room: 'abcdef' }]);
  });
});
