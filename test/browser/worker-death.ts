import type { Browser } from 'puppeteer-core';
import type { ConclaveServer } from '../support/conclave-server.ts';
import { until } from '../support/until.ts';
import { Participant } from './participant.ts';
import { largestGapMs, pageMs, picturesSince, watchPictures } from './shown-pictures.ts';

const NAMES = ['Ada', 'Béla', 'Cleo', 'Dora'];
/** Large enough for a page to hold all of them. */
const SMALL = { width: 640, height: 480 };

/** Pictures of each tile to wait for, before and after: of ten a second, so that a standstill which comes late is seen, too. */
const PICTURES = 40;

/** What four people saw of each other while one of the two workers that carried their call died. */
export interface WorkerDeath {
  /** The longest that a picture stood still, of each pair of whom one or both were on that worker. Milliseconds. */
  readonly gapsMs: readonly number[];
  /** Of all other pairs. */
  readonly untouchedGapsMs: readonly number[];
  /** The thirty digits that people compare, one entry per person who sees others than before, or another call: none is good. */
  readonly changed: readonly string[];
}

/** Four people on both workers of the server, a call of their own; `pid` is the worker that `signal` is sent to. */
export async function measureWorkerDeath(
  server: ConclaveServer,
  browser: Browser,
  { pid, port, signal }: { readonly pid: number; readonly port: number; readonly signal: 'SIGKILL' | 'SIGSTOP' },
): Promise<WorkerDeath> {
  const link = server.inviteLink();
  const people: Participant[] = [];
  try {
    for (const name of NAMES) {
      const context = await browser.createBrowserContext();
      const person = await Participant.open(context, link, name, SMALL);
      await person.join();
      people.push(person);
    }
    for (const person of people) await seesAll(person, people);
    const peers = await Promise.all(people.map(whoAndWhere));
    const before = await Promise.all(people.map(({ page }) => page.evaluate(stateOfCall)));
    for (const person of people) await watchPictures(person);
    await morePictures(people);
    const sinceMs = await Promise.all(people.map(pageMs));

    const died = server.sfu.load.workerDeaths;
    process.kill(pid, signal);
    await until('the death was noticed', () => server.sfu.load.workerDeaths === died + 1);
    await morePictures(people);
    for (const person of people) await seesAll(person, people);

    const after = await Promise.all(people.map(({ page }) => page.evaluate(stateOfCall)));
    const shown = await Promise.all(people.map((person, at) => picturesSince(person, sinceMs[at] ?? 0)));
    // Said, not only closed: a tab that is killed may take its socket with it without a word, and keeps its seat for 30 s.
    for (const person of people) await person.leave();
    const touched = (peerId: string) => peers.find((peer) => peer.peerId === peerId)?.port === port;
    const all = peers.flatMap(({ peerId }, at) =>
      Array.from(shown[at] ?? [], ([of, timesMs]) => ({
        touched: touched(peerId) || touched(of),
        gapMs: Math.round(largestGapMs(timesMs, sinceMs[at] ?? 0)),
      })),
    );
    return {
      gapsMs: all.filter((gap) => gap.touched).map(({ gapMs }) => gapMs),
      untouchedGapsMs: all.filter((gap) => !gap.touched).map(({ gapMs }) => gapMs),
      changed: people.flatMap(({ name }, at) =>
        before[at] === after[at] ? [] : [`${name}: ${before[at]} ${after[at]}`],
      ),
    };
  } finally {
    for (const { page } of people) await page.browserContext().close();
  }
}

function seesAll(person: Participant, people: readonly Participant[]): Promise<void> {
  return person.sees(...people.filter((other) => other !== person).map(({ name }) => name));
}

/** The peer id, and the port of the worker that sends to this person. */
async function whoAndWhere({ page }: Participant): Promise<{ readonly peerId: string; readonly port: number }> {
  return await page.evaluate(async () => {
    const call = window.conclave;
    const stats = await call?.getStats();
    const entries = [...((stats?.recv ?? new Map()) as Map<string, { type: string; port?: number }>).values()];
    const port = entries.find(({ type }) => type === 'remote-candidate')?.port ?? 0;
    return { peerId: call?.state.kind === 'joined' ? call.state.peerId : '', port };
  });
}

/** What must be the same after as before: the page itself, who is who, the keys and the code that people compare. */
async function stateOfCall(): Promise<string> {
  const call = window.conclave;
  if (call?.state.kind !== 'joined') throw new Error('not joined');
  call.watchDigits(true);
  while (call.security.digits === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
  const { digits, epoch, self } = call.security;
  const others = call.roster.peers.map(({ id, memberId }) => `${id} ${memberId}`).sort();
  return JSON.stringify({ page: performance.timeOrigin, peerId: call.state.peerId, self, epoch, digits, others });
}

async function morePictures(people: readonly Participant[]): Promise<void> {
  await Promise.all(
    people.map(async (person) => {
      const sinceMs = await pageMs(person);
      await until(`all pictures move for ${person.name}`, async () =>
        [...(await picturesSince(person, sinceMs)).values()].every((timesMs) => timesMs.length >= PICTURES),
      );
    }),
  );
}
