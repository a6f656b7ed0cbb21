import { describe, expect, test } from 'vitest';
import { Mailbox } from '../../src/base/index.ts';

describe('a mailbox', () => {
  test('runs one job at a time, in order', async () => {
    const mailbox = new Mailbox();
    const steps: string[] = [];
    const job = (name: string) => async () => {
      steps.push(`${name} begins`);
      await Promise.resolve();
      steps.push(`${name} ends`);
      return name;
    };
    expect(await Promise.all([mailbox.run(job('a')), mailbox.run(job('b'))])).toEqual(['a', 'b']);
    expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  test('a job that fails fails alone', async () => {
    const mailbox = new Mailbox();
    const failed = mailbox.run(() => Promise.reject(new Error('mine')));
    const after = mailbox.run(() => 'still served');
    await expect(failed).rejects.toThrow('mine');
    expect(await after).toBe('still served');
  });

  test('counts the jobs that have not ended', async () => {
    const mailbox = new Mailbox();
    let release = (): void => undefined;
    const held = mailbox.run(
      () =>
        new Promise<void>((resolve) => {
          release = resolve;
        }),
    );
    void mailbox.run(() => undefined);
    expect(mailbox.waiting).toBe(2);
    await Promise.resolve();
    release();
    await held;
    await mailbox.idle();
    expect(mailbox.waiting).toBe(0);
  });
});
