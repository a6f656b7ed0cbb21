import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RoomId, randomId } from '../../src/base/index.ts';
import { randomSecret, secretBytes } from '../../src/client/call-secret.ts';
import { openChromium } from '../support/chromium.ts';
import { NodeMember } from '../support/node-member.ts';
import { foundInMemory } from '../support/process-memory.ts';
import { ServerProcess } from '../support/server-process.ts';
import { until } from '../support/until.ts';
import { Participant } from './participant.ts';

const NAMES = ['Zenobia Quartermain', 'Xerxes Featherstone'] as const;
const CHAT = 'the quetzal lands at dusk on pier nineteen';

/** Two people talk and write in a call of a server that is a process of its own; then it is searched. */
describe('the server that carried a call', () => {
  const room = randomId<RoomId>();
  const secret = randomSecret();
  let server: ServerProcess;
  let browser: Browser;
  let nora: NodeMember;
  let secrets: ReadonlyMap<string, Buffer>;

  beforeAll(async () => {
    server = await ServerProcess.open();
    browser = await openChromium();
    const link = `${server.origin}/call/${room}#k=${secret}`;
    const open = async (name: string) => Participant.open(await browser.createBrowserContext(), link, name);
    const [zenobia, xerxes] = [await open(NAMES[0]), await open(NAMES[1])];
    await zenobia.join();
    await xerxes.join();
    nora = await NodeMember.join(link, 'Nora');
    await zenobia.sees(xerxes.name);
    await xerxes.sees(zenobia.name);
    await zenobia.page.evaluate((text) => window.conclave?.sendChat(text), CHAT);
    await until('the chat arrives', () => nora.news.some((news) => news.kind === 'chat' && news.text === CHAT));
    const [key] = nora.keys.epochs.slice(-1);
    secrets = new Map([
      ...NAMES.flatMap((name) => texts(name)),
      ...texts(CHAT),
      ...texts(secret),
      ['the bytes of the secret', Buffer.from(secretBytes(secret))],
      ['the base key of the epoch', Buffer.from(key?.baseKey ?? [])],
    ]);
  });

  afterAll(async () => {
    nora?.close();
    await browser?.close();
    await server?.close();
  });

  test('no name, no chat, no secret in its log; the call is there', () => {
    expect(server.said).toContain('peer joined');
    for (const text of [...NAMES, CHAT, secret]) expect(server.said).not.toContain(text);
  });

  test('none of it in its heap; the room id is there', async () => {
    const heap = await server.heapSnapshot();
    expect(heap.includes(room)).toBe(true);
    for (const text of [...NAMES, CHAT, secret]) expect(heap.includes(text)).toBe(false);
  });

  test('none of it, nor the key of the frames, in the memory of server and worker; the room id is there', () => {
    expect(server.pids).toHaveLength(2);
    for (const pid of server.pids) expect(namesOf(foundInMemory(pid, [...secrets.values()]))).toEqual([]);
    expect(foundInMemory(server.pids[0] ?? Number.NaN, [Buffer.from(room)])).toHaveLength(1);
  });

  function namesOf(found: readonly Buffer[]): string[] {
    return [...secrets].filter(([, bytes]) => found.includes(bytes)).map(([name]) => name);
  }
});

/** As a network carries it and as JavaScript may hold it. */
function texts(text: string): [string, Buffer][] {
  return [
    [text, Buffer.from(text)],
    [`${text} in UTF-16`, Buffer.from(text, 'utf16le')],
  ];
}
