import { describe, expect, test } from 'vitest';
import { watchNetworkOf } from '../../src/client/network-watch.ts';
import { FakeClock } from '../support/fake-clock.ts';

function open() {
  const clock = new FakeClock();
  const page = new EventTarget();
  const connection: EventTarget & { type?: string } = new EventTarget();
  connection.type = 'wifi';
  const seen = { changes: 0 };
  const stop = watchNetworkOf({ page, connection, clock }, () => {
    seen.changes += 1;
  });
  const become = (type: string) => {
    connection.type = type;
    connection.dispatchEvent(new Event('change'));
  };
  const online = () => page.dispatchEvent(new Event('online'));
  return { clock, seen, stop, become, online };
}

describe('the network of a device', () => {
  test('that comes back as another one is one change, whichever events tell it', () => {
    const { clock, seen, become, online } = open();
    become('none');
    clock.advance(3_000);
    expect(seen.changes).toBe(0);
    become('cellular');
    online();
    clock.advance(50);
    expect([seen.changes, clock.pending]).toEqual([1, 0]);
  });

  test('is another one without ever being away', () => {
    const { clock, seen, become } = open();
    become('cellular');
    clock.advance(50);
    become('wifi');
    clock.advance(50);
    expect(seen.changes).toBe(2);
  });

  test('that is only faster or slower is the same', () => {
    const { clock, seen, become } = open();
    become('wifi');
    clock.advance(1_000);
    expect(seen.changes).toBe(0);
  });

  test('is watched until that is stopped', () => {
    const { clock, seen, stop, become, online } = open();
    online();
    stop();
    become('cellular');
    online();
    clock.advance(1_000);
    expect([seen.changes, clock.pending]).toEqual([0, 0]);
  });
});
