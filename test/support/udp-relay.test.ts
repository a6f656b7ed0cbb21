import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { PERFECT } from './impaired-link.ts';
import { UdpRelay } from './udp-relay.ts';
import { until } from './until.ts';

/** The kernel's own buffers hold about 270 small datagrams. */
const BURST = 100;

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

async function openSocket(): Promise<Socket> {
  const socket = createSocket('udp4');
  open.push(socket);
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

/** A server that sends everything back, and what its clients get. */
async function openEcho(relay: UdpRelay) {
  open.push(relay);
  const server = await openSocket();
  const from = new Set<number>();
  server.on('message', (bytes, { port }) => {
    from.add(port);
    server.send(bytes, port, '127.0.0.1');
  });
  const port = await relay.portFor(server.address().port);
  const openClient = async () => {
    const socket = await openSocket();
    const got: string[] = [];
    socket.on('message', (bytes) => got.push(String(bytes)));
    return { got, say: (text: string) => socket.send(text, port, '127.0.0.1') };
  };
  return { server, from, openClient };
}

test('each client gets its own answers, from a server to which they are several', async () => {
  const seen: string[] = [];
  const relay = new UdpRelay({ seen: (direction, bytes) => seen.push(`${direction} ${bytes}`) });
  const { from, openClient, server } = await openEcho(relay);
  const [ada, bela] = [await openClient(), await openClient()];
  ada.say('a');
  bela.say('b');
  await until('both have theirs', () => ada.got.join() === 'a' && bela.got.join() === 'b');
  expect(from.size).toBe(2);
  expect(seen.toSorted()).toEqual(['down a', 'down b', 'up a', 'up b']);
  expect(from).not.toContain(server.address().port);
});

test('a burst passes whole and in order, and is counted in both directions', async () => {
  const relay = new UdpRelay({ conditions: { ...PERFECT, delayMs: 5, jitterMs: 5 } });
  const { openClient } = await openEcho(relay);
  const client = await openClient();
  const said = Array.from({ length: BURST }, (_, index) => `${index}`);
  for (const text of said) client.say(text);
  await until('all came back', () => client.got.length === said.length);
  expect(client.got).toEqual(said);
  for (const direction of ['up', 'down'] as const)
    expect(relay.counts(direction)).toMatchObject({ came: BURST, passed: BURST, lost: 0 });
});

test('in a blackout nothing comes back, and afterwards it does', async () => {
  const relay = new UdpRelay();
  const { openClient } = await openEcho(relay);
  const client = await openClient();
  relay.blackout({ dark: true });
  client.say('unheard');
  await until('it came as far as the relay', () => relay.counts('up').blackedOut === 1);
  relay.blackout({ dark: false });
  client.say('heard');
  await until('something comes back', () => client.got.length > 0);
  expect(client.got).toEqual(['heard']);
});
