import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FanOut } from '../../bench/fan-out/fan-out.ts';
import { JsonClient } from '../../bench/fan-out/json-client.ts';
import { openJsonServer } from '../../bench/fan-out/json-server.ts';

const PACE = { events: 6, everyMs: 1 };

describe('fan-out over ws with JSON', () => {
  let clients: JsonClient[];
  let close: () => void;

  beforeEach(async () => {
    const server = await openJsonServer();
    clients = await Promise.all([0, 1, 2, 3].map(() => JsonClient.join(server.port)));
    for (const client of clients.slice(0, 2)) await client.publish();
    close = () => {
      for (const { socket } of clients) socket.terminate();
      server.close();
    };
  });
  afterEach(() => close());

  test('each event is told to everybody but the one who muted, and counted there', async () => {
    const fanOut = new FanOut(clients, 2);
    const { messages, delay_p50_ms: p50, delay_p99_ms: p99, bytes_per_message: bytes } = await fanOut.round(PACE);
    expect(messages).toBe(6 * 3);
    expect(p50).toBeGreaterThan(0);
    expect(p99).toBeGreaterThanOrEqual(p50);
    expect(bytes).toBeGreaterThan(
      JSON.stringify({ type: 'producerPaused', producerId: clients[0]?.producerId }).length - 1,
    );
    expect((await fanOut.round(PACE)).messages).toBe(6 * 3);
  });

  test('events keep their pace', async () => {
    const startMs = performance.now();
    await new FanOut(clients, 2).round({ events: 4, everyMs: 50 });
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(149);
  });

  test('a client that is told something else is found', async () => {
    const [, , third] = clients;
    if (!third) throw new Error('too few');
    const fanOut = new FanOut(clients, 2);
    third.takeTold = () => ['paused somebody else'];
    await expect(fanOut.round(PACE)).rejects.toThrow('told "paused somebody else" in place of "paused ');
  });
});
