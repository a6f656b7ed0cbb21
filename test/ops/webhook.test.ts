import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/index.ts';
import { Webhook } from '../../src/ops/webhook.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { until } from '../support/until.ts';
import { WebhookBackend } from '../support/webhook-backend.ts';

const EVENT = { type: 'call.invited', fields: { room: 'room', from: 'ann', to: 'bob' } };
const UNAVAILABLE = { code: 'unavailable', message: 'the backend did not take it', retryable: true };

let backend: WebhookBackend;
beforeEach(async () => {
  backend = await WebhookBackend.open();
});
afterEach(() => backend.close());

function open({ url = backend.url, key = backend.key as Uint8Array, answerLimitMs = 2_000 } = {}) {
  const log = recordedLog();
  return { webhook: new Webhook({ url, key, clock: systemClock, log, answerLimitMs }), log };
}

describe('an event', () => {
  test('says what happened, to whom and when, and the backend believes it', async () => {
    await open().webhook.tell(EVENT);
    const [event] = backend.taken;
    expect(event && backend.believes(event)).toBe(true);
    const { type, timestamp, data } = JSON.parse(event?.body ?? '');
    expect({ type, data }).toEqual({ type: 'call.invited', data: EVENT.fields });
    expect(Math.abs(Date.parse(timestamp) - Date.now())).toBeLessThan(5_000);
    expect(event?.headers['content-type']).toBe('application/json');
  });

  test('has an id of its own, every time', async () => {
    const { webhook } = open();
    for (let count = 0; count < 3; count += 1) await webhook.tell(EVENT);
    expect(new Set(backend.taken.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
  });

  test('that is signed with another key, changed on the way or old is not believed', async () => {
    await open({ key: randomBytes(32) }).webhook.tell(EVENT);
    await open().webhook.tell(EVENT);
    const [forged, honest] = backend.taken;
    if (!forged || !honest) throw new Error('two events were told');
    expect(backend.believes(forged)).toBe(false);
    expect(backend.believes({ ...honest, body: honest.body.replace('bob', 'eve') })).toBe(false);
    expect(backend.believes({ ...honest, headers: { ...honest.headers, 'webhook-id': 'other' } })).toBe(false);
    expect(backend.believes(honest, Date.now() + 600_000)).toBe(false);
    expect(backend.believes(honest)).toBe(true);
  });
});

describe('a backend', () => {
  test.each([200, 202, 204])('that answers %i has taken it', async (status) => {
    backend.answer = (_, response) => void response.writeHead(status).end();
    await expect(open().webhook.tell(EVENT)).resolves.toBeUndefined();
  });

  test.each([400, 401, 404, 429, 500, 503])('that answers %i has not', async (status) => {
    backend.answer = (_, response) => void response.writeHead(status).end('secret words of the backend');
    const { webhook, log } = open();
    await expect(webhook.tell(EVENT)).rejects.toMatchObject(UNAVAILABLE);
    expect(log.lines).toMatchObject([{ event: 'webhook failed', fields: { reason: `status ${status}` } }]);
  });

  test('that sends elsewhere is not followed: the event is for one address', async () => {
    const other = await WebhookBackend.open();
    backend.answer = (_, response) => void response.writeHead(307, { location: other.url }).end();
    await expect(open().webhook.tell(EVENT)).rejects.toMatchObject(UNAVAILABLE);
    expect(other.taken).toEqual([]);
    await other.close();
  });

  test('that does not answer is given up after the limit', async () => {
    backend.answer = () => undefined;
    const startedMs = Date.now();
    const { webhook, log } = open({ answerLimitMs: 200 });
    await expect(webhook.tell(EVENT)).rejects.toMatchObject(UNAVAILABLE);
    expect(Date.now() - startedMs).toBeLessThan(1_500);
    expect(log.lines).toMatchObject([{ fields: { reason: 'TimeoutError' } }]);
  });

  test('whose answer never ends has taken it all the same: nothing of it is read', async () => {
    let written = 0;
    backend.answer = (_, response) => {
      response.writeHead(200);
      const pour = () => {
        if (response.destroyed) return;
        response.write(Buffer.alloc(64 * 1024), () => setImmediate(pour));
        written += 1;
      };
      pour();
    };
    await open().webhook.tell(EVENT);
    await until('the connection is cut', async () => {
      const before = written;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return written === before;
    });
  });

  test('that is not there, or cuts the connection, has not taken it, and its address is not logged', async () => {
    const cutter = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(cutter, 'listening');
    const { port } = cutter.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/`;
    const { webhook, log } = open({ url });
    await expect(webhook.tell(EVENT)).rejects.toMatchObject(UNAVAILABLE);
    cutter.close();
    await once(cutter, 'close');
    await expect(webhook.tell(EVENT)).rejects.toMatchObject(UNAVAILABLE);
    expect(JSON.stringify(log.lines)).not.toContain(String(port));
  });

  test('that hangs holds 64 events at most, and one line a second of the log', async () => {
    backend.answer = () => undefined;
    const { webhook, log } = open({ answerLimitMs: 500 });
    const told = Array.from({ length: 200 }, () => webhook.tell(EVENT).catch((error) => error.code));
    expect(new Set(await Promise.all(told))).toEqual(new Set(['unavailable']));
    expect(backend.taken.length).toBeLessThanOrEqual(64);
    expect(log.lines.length).toBeLessThan(10);
    backend.answer = (_, response) => void response.writeHead(204).end();
    await webhook.tell(EVENT); // and is asked again
  });
});
