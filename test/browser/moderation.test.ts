import type { Browser, BrowserContext } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { until } from '../support/until.ts';
import { drawnDevices } from './drawn-devices.ts';
import { Participant, type ParticipantOptions } from './participant.ts';

let server: ConclaveServer;
let browser: Browser;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  server = await openConclaveServer();
  browser = await openChromium();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** Everybody goes: two cores are few for pictures that nobody looks at. */
async function closeAll(): Promise<void> {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
}

/** Somebody in a browser profile of their own. */
async function open(name: string, link: string, hue: number, options: ParticipantOptions = {}): Promise<Participant> {
  const context = await browser.createBrowserContext();
  contexts.push(context);
  return Participant.open(context, link, name, {
    width: 900,
    height: 700,
    ...options,
    async prepare(page) {
      await page.evaluateOnNewDocument(drawnDevices, hue);
      await options.prepare?.(page);
    },
  });
}

/** Runs in the page before its code: the development token is asked for without the right to moderate. */
function withoutTheRight(): void {
  const plain = window.fetch;
  window.fetch = (url, options) => {
    const isToken = url === '/dev/tokens';
    const body = isToken && JSON.stringify({ ...JSON.parse(String(options?.body)), moderator: false });
    return plain(url, body ? { ...options, body } : options);
  };
}

const names = (person: Participant) => person.texts('[data-panel=people] .member-name');
const lists = (person: Participant, ...expected: readonly string[]) =>
  until(`${person.name} lists ${expected}`, async () => (await names(person)).join() === expected.join());
const options = (person: Participant, about: string) => person.press(`Options for ${about}`);
const reads = (person: Participant, text: string) =>
  until(`${person.name} reads: ${text}`, async () => (await person.texts('.notice p')).includes(text));
const microphoneOf = (person: Participant, about: string) =>
  person.page
    .$eval(`[data-person="${about}"] .person-microphone`, (mark) => mark.getAttribute('aria-label'))
    .catch(() => undefined);
const epochOf = (person: Participant) => person.page.evaluate(() => window.conclave?.security.epoch ?? -1);
const toggleLock = (person: Participant) =>
  person.page.locator('::-p-aria([name="Lock the call"][role="switch"])').click();

describe('who waits at the door', () => {
  let link: string;
  let ada: Participant;

  beforeAll(async () => {
    link = `${server.inviteLink()}&lobby`;
    ada = await open('Ada', link, 150);
    await ada.join();
    await ada.press('People, 1');
  });

  afterAll(closeAll);

  test('is let in from the list of people, and stands in it then', async () => {
    const bela = await open('Béla', link, 30);
    await bela.askToJoin();
    await until('Ada is told', async () =>
      (await ada.texts('[data-panel=people] .knocker p')).includes('Béla wants to come in'),
    );
    await ada.press('Admit Béla');
    await bela.page.waitForSelector('[data-screen=call][data-state=joined]');
    await lists(ada, 'Ada (You)', 'Béla');
  });

  test('or turned away', async () => {
    const chi = await open('Chi', link, 260);
    await chi.askToJoin();
    await ada.press('Refuse Chi');
    await chi.page.waitForSelector('[data-screen=left]');
    expect(await chi.texts('[role=alert]')).toEqual(['Somebody in the call turned you away.']);
    await lists(ada, 'Ada (You)', 'Béla');
  });
});

/** Each goes on where the one before it stopped, as a call does. */
describe('people who look after their call', () => {
  let link: string;
  let ada: Participant;
  let bela: Participant;
  let chi: Participant;

  beforeAll(async () => {
    link = server.inviteLink();
    ada = await open('Ada', link, 150);
    bela = await open('Béla', link, 30);
    chi = await open('Chi', link, 260, { prepare: (page) => page.evaluateOnNewDocument(withoutTheRight) });
    for (const person of [ada, bela, chi]) await person.join();
    await ada.sees('Béla', 'Chi');
  });

  afterAll(closeAll);

  test('a key opens the list: oneself first, then the others as they came', async () => {
    await ada.page.keyboard.press('p');
    await lists(ada, 'Ada (You)', 'Béla', 'Chi');
    expect(await ada.texts('[data-panel=people] .member-role')).toEqual(['may lock and remove', 'may lock and remove']);
    await ada.page.keyboard.press('Escape');
    await ada.page.waitForSelector('[data-panel]', { hidden: true });
    await ada.press('People, 3');
  });

  test('raised hands stand first, in the order in which they went up', async () => {
    await chi.page.keyboard.press('h');
    await lists(ada, 'Ada (You)', 'Chi', 'Béla'); // how it is read at once
    await bela.page.keyboard.press('h');
    await until('two hands', async () => (await ada.page.$$('[data-panel=people] .member-hand')).length === 2);
    expect(await names(ada)).toEqual(['Ada (You)', 'Chi', 'Béla']);
    for (const person of [bela, chi]) await person.page.keyboard.press('h');
    await lists(ada, 'Ada (You)', 'Béla', 'Chi');
  });

  test('one person is turned down for oneself, by keys', async () => {
    await options(ada, 'Béla');
    await ada.page.focus('::-p-aria([name="Volume of Béla"])');
    for (let presses = 0; presses < 4; presses += 1) await ada.page.keyboard.press('ArrowLeft');
    const volumes = await ada.page.evaluate(() =>
      window.conclave?.roster.peers.map(({ id, displayName }) => [displayName, window.conclave?.volumeOf(id)]),
    );
    expect(volumes).toEqual([
      ['Béla', 0.8],
      ['Chi', 1],
    ]);
  });

  test('who is asked to mute is asked, nobody else is, and it is theirs to do', async () => {
    await until('Béla is heard', async () =>
      ['microphone on', 'speaking'].includes((await microphoneOf(ada, 'Béla')) ?? ''),
    );
    await ada.press('Ask to mute');
    await bela.page.waitForSelector('[data-mute-ask=Ada][role=alert]');
    expect(await bela.texts('[data-mute-ask] p')).toEqual(['Ada asks you to mute your microphone']);
    expect(await chi.texts('[data-mute-ask]')).toEqual([]);
    await ada.press('Ask to mute');
    await reads(ada, 'You did that a moment ago. Wait a little.');
    expect(await microphoneOf(ada, 'Béla')).not.toBe('microphone off');
    await bela.press('Mute');
    await until('Béla is silent', async () => (await microphoneOf(ada, 'Béla')) === 'microphone off');
    expect(await bela.texts('[data-mute-ask]')).toEqual([]);
    await bela.page.keyboard.press('m');
  });

  test('who asks and is ignored hears nothing of it', async () => {
    await chi.press('People, 3');
    await options(chi, 'Béla');
    await chi.press('Ask to mute');
    await bela.page.waitForSelector('[data-mute-ask=Chi]');
    await bela.press('Ignore');
    await until('the question is gone', async () => (await bela.texts('[data-mute-ask]')).length === 0);
    expect((await bela.tiles()).length).toBe(2);
    await until('Béla is heard on', async () => (await microphoneOf(chi, 'Béla')) !== 'microphone off');
  });

  test('who has no right is offered none of it', async () => {
    expect(await chi.page.$('[role=switch]')).toBeNull();
    expect(await chi.texts('.person-menu button')).toEqual(['Ask to mute']);
  });

  test('a locked call tells who comes late, and everybody who locked it', async () => {
    await toggleLock(ada);
    await reads(bela, 'Ada locked the call');
    await chi.page.waitForSelector('[data-control=people][aria-label="People, 3, locked"]');
    const dan = await open('Dan', link, 60);
    await dan.askToJoin();
    await dan.page.waitForSelector('[data-screen=left][data-reason=room-locked]');
    expect(await dan.texts('[role=alert]')).toEqual([
      'This call is locked: nobody new can come in. Ask somebody inside to open it.',
    ]);
    await toggleLock(ada);
    await reads(bela, 'Ada opened the call again');
    await dan.press('Join again');
    await dan.join();
    await lists(ada, 'Ada (You)', 'Béla', 'Chi', 'Dan');
    await dan.leave();
    await lists(ada, 'Ada (You)', 'Béla', 'Chi');
  });

  test('who is removed sees why; the others see who did it, and go on under new keys', async () => {
    const before = await epochOf(bela);
    await options(ada, 'Chi');
    await ada.press('Remove');
    await ada.page.waitForSelector('[role=alertdialog][aria-label="Remove Chi?"]');
    expect(await ada.page.evaluate(() => document.activeElement?.textContent)).toBe('Cancel');
    await ada.press('Remove');
    await chi.page.waitForSelector('[data-screen=left][data-reason=removed]');
    const [why] = await chi.texts('[role=alert]');
    expect(why).toMatch(/^(Ada removed you from|You were removed from) this call\.$/);
    await reads(bela, 'Ada removed Chi from the call');
    await reads(ada, 'You removed Chi from the call');
    await lists(ada, 'Ada (You)', 'Béla');
    await until('a new epoch', async () => (await epochOf(bela)) > before);
    expect(await epochOf(ada)).toBe(await epochOf(bela));
    await ada.sees('Béla');
    await bela.sees('Ada');
    expect(await ada.securityMark()).toBe('encrypted');
  });

  test('and does not come back with that device', async () => {
    expect(await chi.page.$$eval('button', (buttons) => buttons.map(({ textContent }) => textContent))).toEqual([
      'Start page',
    ]);
    await chi.page.reload();
    await chi.page.waitForSelector('[data-screen=lobby]');
    await chi.askToJoin();
    await chi.page.waitForSelector('[data-screen=left][data-reason=removed]');
    expect(await chi.texts('[role=alert]')).toEqual(['You were removed from this call.']);
    expect(await names(ada)).toEqual(['Ada (You)', 'Béla']);
  });

  test('no page threw anything', () => {
    expect([...ada.errors, ...bela.errors, ...chi.errors]).toEqual([]);
  });
});
