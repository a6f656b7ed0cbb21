import { describe, expect, test } from 'vitest';
import type { MemberId } from '../../src/base/index.ts';
import { CallSecurity } from '../../src/client/call-security.ts';
import type { DeviceKey } from '../../src/client/e2ee/device-key.ts';
import type { E2ee, E2eeOptions } from '../../src/client/e2ee/e2ee.ts';
import type { EngineNews } from '../../src/client/e2ee/news.ts';
import type { Media } from '../../src/client/media.ts';
import { FakeClock } from '../support/fake-clock.ts';

const SECRET = 'A'.repeat(22);
const knocker = (name: string) => ({ memberId: name as MemberId, deviceKey: name as DeviceKey, name });
const present = (...names: readonly string[]) => new Set(names as MemberId[]);

/** One join of the room under this member id. */
const media = (memberId: string) =>
  ({
    joined: { memberId },
    session: { roomId: 'room', userId: 'ada', deviceId: 'phone', link: {} },
  }) as unknown as Media;

/** The security of a call whose worker is the test: what it is asked stands in `asked`. */
function open() {
  const asked: string[] = [];
  const told: string[] = [];
  const options: E2eeOptions[] = [];
  const security = new CallSecurity(
    { secret: SECRET },
    {
      changed: ({ admittance }, { people }) => void told.push(people ? `${admittance.kind}, people` : admittance.kind),
      said: (news) => void told.push(news.kind),
      failed: (cause) => void told.push(`failed: ${cause}`),
    },
  );
  const worker = {
    begin: ({ memberId }: { readonly memberId: string }) => void asked.push(`begin ${memberId}`),
    show: ({ handRaised }: { readonly handRaised: boolean }) => void asked.push(`show ${handRaised}`),
    watchDigits: (watched: boolean) => void asked.push(`digits ${watched}`),
    close: () => void asked.push('close'),
  };
  security.open((given) => {
    options.push(given);
    return worker as unknown as E2ee;
  }, new FakeClock());
  const news = (each: EngineNews) => options[0]?.told(each);
  const fails = (cause: 'unsealed' | 'broke') => options[0]?.failed(cause, 'as the test says');
  return { security, asked, told, news, fails };
}

describe('the security of a call', () => {
  test('begins a stay with every member id, and not when only the path was lost', () => {
    const { security, asked } = open();
    for (const memberId of ['m1', 'm1', 'm2']) security.joined(media(memberId), 'Ada');
    expect(asked).toEqual(['begin m1', 'show false', 'begin m2', 'show false']);
    expect(security.current.self).toBe('m2');
  });

  test('says in a new stay again what is shown and watched', () => {
    const { security, asked } = open();
    security.show({ handRaised: true });
    security.watchDigits(true);
    asked.length = 0;
    security.joined(media('m1'), 'Ada');
    expect(asked).toEqual(['begin m1', 'show true', 'digits true']);
  });

  test('tells when people have changed', () => {
    const { told, news } = open();
    news({ kind: 'standing', standing: { kind: 'inside' } });
    news({ kind: 'members', epoch: 0, self: 'm1' as MemberId, members: [] });
    news({ kind: 'chat', memberId: 'm2' as MemberId, text: 'hello' });
    expect(told).toEqual(['inside', 'inside, people', 'chat']);
  });

  test('shows who knocks as long as they are in the room', () => {
    const { security, news } = open();
    security.joined(media('m1'), 'Ada');
    security.presentAre(present('ben', 'cleo'));
    news({ kind: 'knocking', knockers: [knocker('ben'), knocker('cleo')] });
    security.presentAre(present('cleo'));
    expect(security.current.knockers).toEqual([knocker('cleo')]);
    security.presentAre(present('ben', 'cleo'));
    expect(security.current.knockers).toEqual([knocker('ben'), knocker('cleo')]);
  });

  test('that is broken stays so, in the next stay too: sending stops before anybody is told', () => {
    const { security, told, news, fails } = open();
    security.joined(media('m1'), 'Ada');
    told.length = 0;
    fails('unsealed');
    expect(told).toEqual(['failed: unsealed', 'halted']);
    security.joined(media('m2'), 'Ada');
    news({ kind: 'standing', standing: { kind: 'inside' } });
    expect([security.isBroken, security.current.admittance]).toEqual([true, { kind: 'halted', cause: 'unsealed' }]);
  });

  test('hears nothing of its worker after a close, and keeps what was seen last', () => {
    const { security, asked, told, news, fails } = open();
    news({ kind: 'standing', standing: { kind: 'inside' } });
    security.close();
    news({ kind: 'standing', standing: { kind: 'asking' } });
    fails('broke');
    expect([asked, told, security.current.admittance.kind]).toEqual([['close'], ['inside'], 'inside']);
  });
});
