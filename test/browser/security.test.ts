import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { type LogLine, recordedLog } from '../support/recorded-log.ts';
import { until } from '../support/until.ts';
import { drawnDevices } from './drawn-devices.ts';
import { Participant, type ParticipantOptions } from './participant.ts';
import { type RecordedFrames, recordFrames } from './recorded-frames.ts';

/** Where UPDATE_SCREENS=1 puts its pictures. */
const screen = (name: string) => fileURLToPath(new URL(`../../docs/screens/${name}`, import.meta.url));

const SAID = 'The meeting is moved to nine';

let server: ConclaveServer;
let browser: Browser;
let lines: readonly LogLine[];
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  const log = recordedLog();
  lines = log.lines;
  server = await openConclaveServer({ log });
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
    ...options,
    async prepare(page) {
      await page.evaluateOnNewDocument(drawnDevices, hue);
      await options.prepare?.(page);
    },
  });
}

declare global {
  interface Window {
    /** As if the SDK's worker said it: see `keepWorker`. */
    sayFromWorker?: (message: unknown) => void;
  }
}

/** Runs in the page before its code: what cannot be brought about from outside is put into the worker's mouth. */
function keepWorker(): void {
  window.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      window.sayFromWorker = (message) => this.dispatchEvent(new MessageEvent('message', { data: message }));
    }
  };
}

/** Waits until there are as many as there should be, and reads them. */
const codeOf = (person: Participant, selector: string): Promise<readonly string[]> =>
  until(`${person.name} sees ${selector}`, async () => {
    const code = await person.texts(selector);
    return code.length === 6 ? code : undefined;
  });

const choose = (person: Participant, kind: string) =>
  person.page.locator(`::-p-aria([name="${kind}"][role="radio"])`).click();

const marked = (person: Participant, mark: string) =>
  until(`the lock of ${person.name} says ${mark}`, async () => (await person.securityMark()) === mark);

/** Each goes on where the one before it stopped, as a call does. */
describe('people who make sure of each other', () => {
  let link: string;
  let ada: Participant;
  let bela: Participant;
  let chi: Participant;
  const wires: RecordedFrames[] = [];

  beforeAll(async () => {
    link = server.inviteLink();
    const prepare: ParticipantOptions['prepare'] = async (page) => wires.push(await recordFrames(page));
    ada = await open('Ada Lovelace', link, 150, { prepare });
    bela = await open('Béla Bartók', link, 30, { prepare });
    await ada.join();
    await bela.join();
    await ada.sees(bela.name);
    await bela.sees(ada.name);
  });

  afterAll(closeAll);

  test('the lock says that the call is encrypted, and names who has not been compared', async () => {
    await marked(ada, 'encrypted');
    await ada.press('Security: Encrypted');
    expect(await ada.texts('.member-name')).toEqual(['Ada Lovelace (You)', 'Béla Bartók']);
    expect(await ada.texts('.member-trust')).toEqual(['not compared yet']);
  });

  test('the six pictures are the same for both, and have names', async () => {
    await bela.press('Security: Encrypted');
    await ada.press('Make the code');
    const names = await codeOf(ada, '.emoji-name');
    expect(await codeOf(bela, '.emoji-name')).toEqual(names);
    expect(await codeOf(bela, '.emoji')).toEqual(await codeOf(ada, '.emoji'));
    expect(names.every((name) => /^[a-z ]+$/.test(name))).toBe(true);
    if (process.env.UPDATE_SCREENS) await ada.page.screenshot({ path: screen('security-panel.png') });
  });

  test('so are the 30 digits and their square', async () => {
    for (const person of [ada, bela]) await choose(person, '30 digits');
    const digits = await codeOf(ada, '.digits [aria-hidden]');
    expect(digits.every((group) => /^\d{5}$/.test(group))).toBe(true);
    expect(await codeOf(bela, '.digits [aria-hidden]')).toEqual(digits);
    const square = (person: Participant) => person.page.$eval('.qr path', (path) => path.getAttribute('d'));
    expect(await square(ada)).toBe(await square(bela));
    for (const person of [ada, bela]) await choose(person, 'Six pictures');
  });

  test('who found them the same has the other verified, and nobody else does', async () => {
    await ada.press('It is the same');
    await marked(ada, 'verified');
    expect(await ada.texts('.member-trust')).toEqual(['verified']);
    expect(await bela.securityMark()).toBe('encrypted');
  });

  test('who comes later is new', async () => {
    chi = await open('Chimamanda', link, 260);
    await chi.join();
    await marked(ada, 'new');
    await until('Chimamanda is the only one', async () => {
      const trusts = await ada.texts('.member-trust');
      return trusts.join() === 'verified,not compared yet';
    });
    expect(await ada.texts('[data-panel=security] .hint')).toContain('Not in this code: Chimamanda');
  });

  test('what one says reaches both others, marked until it is read', async () => {
    await bela.press('Close');
    await ada.page.keyboard.press('c');
    await ada.page.waitForSelector('[name=message]:focus');
    await ada.page.keyboard.type(SAID); // the keys that switch things are letters here
    await ada.page.keyboard.press('Enter');
    for (const person of [bela, chi]) {
      await person.press('Chat, 1 unread');
      await until(`${person.name} reads it`, async () => (await person.texts('.message p')).includes(SAID));
      expect(await person.texts('.message-name')).toEqual(['Ada Lovelace']);
      await until('the mark is gone', () => person.page.$('[data-control=chat][data-marked=false]'));
    }
    expect(await ada.texts('.message-name')).toEqual(['You']);
    expect(await ada.texts('.message p')).toEqual([SAID]);
  });

  test('a raised hand and a reaction are seen by the others', async () => {
    await bela.press('Close');
    await bela.page.keyboard.press('h');
    await until('Ada sees the hand', () => ada.page.$('[aria-label^="Béla Bartók"] [data-mark=hand]'));
    expect(await ada.texts('[data-announcement]')).toEqual(['Béla Bartók raised a hand']);
    await bela.press('React');
    const applause = ada.page.waitForSelector('::-p-xpath(//*[@data-tile="peer"]//*[@class="reaction"][.="👏"])');
    await bela.press('Applause');
    await applause;
    expect(await ada.texts('[data-announcement]')).toEqual(['Béla Bartók: Applause']);
    await bela.page.keyboard.press('h');
    await until('the hand is down', async () => !(await ada.page.$('[data-mark=hand]')));
  });

  test('neither the wire nor the log has a name or a word of it', async () => {
    const frames = wires.flatMap(({ sent, received }) => [...sent, ...received]);
    const room = new URL(link).pathname.split('/')[2] ?? '';
    expect(frames.some((frame) => frame.includes(room))).toBe(true); // the recorder does see what is in the clear
    for (const word of [ada.name, bela.name, chi.name, 'Lovelace', 'Bart', SAID, new URL(link).hash.slice(3)]) {
      expect(frames.filter((frame) => frame.includes(word))).toEqual([]);
      expect(JSON.stringify(lines)).not.toContain(word);
    }
  });

  test('no page threw anything', () => {
    expect([...ada.errors, ...bela.errors, ...chi.errors]).toEqual([]);
  });
});

describe('what stops the sending', () => {
  let ada: Participant;

  beforeAll(async () => {
    const link = server.inviteLink();
    ada = await open('Ada', link, 150, { prepare: (page) => page.evaluateOnNewDocument(keepWorker) });
    const bela = await open('Béla', link, 30);
    await ada.join();
    await bela.join();
    await ada.sees('Béla');
  });

  afterAll(closeAll);

  const banner = (cause: string) => ada.page.waitForSelector(`[data-banner=halted][data-cause=${cause}][role=alert]`);

  test('people who see different calls: it says so, and shows who', async () => {
    await ada.page.evaluate(() => {
      const memberIds = window.conclave?.roster.peers.map(({ memberId }) => memberId);
      window.sayFromWorker?.({ kind: 'news', news: { kind: 'agreement', verdict: { kind: 'forked', memberIds } } });
    });
    await banner('forked');
    expect((await ada.texts('[data-banner=halted] p')).join()).toMatch(/^People see different calls/);
    await ada.press('Show who');
    await until('it is Béla', async () => (await ada.texts('.member-trust')).join() === 'sees another call');
    await marked(ada, 'halted');
  });

  test('a commit that nobody can vouch for: it says so', async () => {
    await ada.page.evaluate(() => {
      window.sayFromWorker?.({ kind: 'news', news: { kind: 'standing', standing: { kind: 'rejecting' } } });
    });
    await banner('commit-refused');
    expect((await ada.texts('[data-banner=halted] p')).join()).toMatch(/somebody whom nobody here can vouch for/);
  });

  test('encryption that broke: one leaves and joins again', async () => {
    await ada.page.evaluate(() => window.sayFromWorker?.({ kind: 'broke', message: 'told so by the test' }));
    await banner('broke');
    await ada.press('Leave and join again');
    await ada.page.waitForSelector('[data-screen=lobby]');
  });
});

describe('a call where members let people in', () => {
  let link: string;
  let ada: Participant;

  beforeAll(async () => {
    link = `${server.inviteLink()}&lobby`;
    ada = await open('Ada', link, 150, { width: 390, height: 844 });
    await ada.join();
  });

  afterAll(closeAll);

  test('who waits is named to members, and comes in when one of them admits', async () => {
    const bela = await open('Béla', link, 30, { width: 390, height: 844 });
    await bela.askToJoin();
    await bela.page.waitForSelector('[data-screen=waiting]');
    expect((await bela.texts('[data-screen=waiting] p')).join()).toContain('They see you as Béla');
    await until('Ada is told', async () => (await ada.texts('.knocker p')).includes('Béla wants to come in'));
    if (process.env.UPDATE_SCREENS) await ada.page.screenshot({ path: screen('lobby-phone.png') });
    await ada.press('Admit Béla');
    await bela.page.waitForSelector('[data-screen=call][data-state=joined]');
    await ada.sees('Béla');
    await until('nobody waits', async () => (await ada.texts('.knocker')).length === 0);
  });

  test('who is refused reads so', async () => {
    const chi = await open('Chi', link, 260);
    await chi.askToJoin();
    await ada.press('Refuse Chi');
    await chi.page.waitForSelector('[data-screen=left]');
    expect(await chi.texts('h1')).toEqual(['You could not join']);
    expect(await chi.texts('[role=alert]')).toEqual(['Somebody in the call turned you away.']);
    expect(await ada.texts('.knocker')).toEqual([]);
  });
});

test('a link with another secret lets nobody in, and says what to do', async () => {
  const link = server.inviteLink();
  const ada = await open('Ada', link, 150);
  const bela = await open('Béla', `${link.split('#')[0]}#k=AAECAwQFBgcICQoLDA0ODw`, 30);
  await ada.join();
  await bela.askToJoin();
  await bela.page.waitForSelector('[data-screen=left]');
  expect(await bela.texts('[role=alert]')).toEqual(['This link is for another call. Ask for the link again.']);
  expect(await ada.tiles()).toEqual([]);
  await closeAll();
});

test('a link that lost what is behind the # says so', async () => {
  const page = await browser.newPage();
  await page.goto(server.inviteLink().split('#')[0] ?? '');
  await page.waitForSelector('[data-screen=incomplete-link]');
  expect(await page.$eval('[role=alert]', ({ textContent }) => textContent)).toMatch(/^The part after # is missing/);
  await page.close();
});
