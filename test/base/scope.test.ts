import { describe, expect, test } from 'vitest';
import { Scope } from '../../src/base/index.ts';

describe('a scope', () => {
  test('closes last in, first out', () => {
    const order: string[] = [];
    const scope = new Scope();
    scope.add(() => order.push('opened first'));
    scope.add(() => order.push('opened last'));
    scope.close();
    expect(order).toEqual(['opened last', 'opened first']);
  });

  test('closes once, however often it is asked', () => {
    let closed = 0;
    const scope = new Scope();
    scope.add(() => {
      closed += 1;
    });
    scope.close();
    scope.close();
    expect(closed).toBe(1);
  });

  test('closes at once what comes too late', () => {
    let closed = false;
    const scope = new Scope();
    scope.close();
    scope.own({
      close: () => {
        closed = true;
      },
    });
    expect(closed).toBe(true);
  });

  test('runs every closer though one throws, and throws that error at the end', () => {
    let closed = false;
    const scope = new Scope();
    scope.add(() => {
      closed = true;
    });
    scope.add(() => {
      throw new Error('the second one');
    });
    expect(() => scope.close()).toThrow('the second one');
    expect(closed).toBe(true);
  });

  test('a closer may close the scope again', () => {
    const scope = new Scope();
    scope.add(() => scope.close());
    scope.close();
    expect(scope.closed).toBe(true);
  });
});
