import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ConsumerId, PeerId, ProducerId } from '../../src/base/index.ts';
import type { PeerFact, Sfu } from '../../src/sfu/index.ts';
import { openSfu, ROOMY } from '../support/open-sfu.ts';
import { RelayedLink } from '../support/relayed-link.ts';
import { seeded } from '../support/seeded.ts';
import type { Break, PlannedBreak } from '../support/tcp-relay.ts';
import { until } from '../support/until.ts';
import { SignalingFixture } from './signaling-fixture.ts';

const RUNS = 100;

/** Of one run: sockets that break one after the other, the last of them mostly while the session is being resumed. */
const BREAKS = 4;

/** What each side says in a run. */
const WORDS = 40;

/** Between two words, at most. Faster, and a blackhole would leave more to say than a link keeps. */
const PAUSE_MS = 300;

/** Welcome, facts and answers of a run are some 10 kB down, its frames some 3 kB up: most breaks come while something is said. */
const MAX_BYTES = { up: 400, down: 1_200 } as const;

const BLACKHOLE_MS = 10_000;

/** As long as all breaks of a run may take when each is found by silence only, many times over. */
const LIMIT_MS = 150_000;

let sfu: Sfu;
let fixture: SignalingFixture;
const heard = new Map<string, PeerRecord>();
const links: RelayedLink[] = [];

/** What the server did for one peer, by the name of its room. */
interface PeerRecord {
  readonly done: string[];
  tell(fact: PeerFact): void;
}

beforeAll(async () => {
  sfu = await openSfu({ limits: { ...ROOMY, maxRooms: 1_000, maxPeers: 1_000 } });
  const overheard: Pick<Sfu, 'join' | 'routerRtpCapabilities'> = {
    routerRtpCapabilities: sfu.routerRtpCapabilities,
    async join(request) {
      const peer = await sfu.join(request);
      const done: string[] = [];
      vi.spyOn(peer, 'consumerReady').mockImplementation((id) => void done.push(id));
      vi.spyOn(peer, 'closeProducer').mockImplementation((id) => {
        done.push(id);
        request.tell(speaking(`with-${id}`));
      });
      heard.set(request.roomId, { done, tell: request.tell });
      return peer;
    },
  };
  fixture = await SignalingFixture.open(sfu, { sfu: overheard });
});
afterAll(async () => {
  for (const each of links) each.close();
  await fixture.close();
  sfu.close();
});

const speaking = (name: string): PeerFact => ({ case: 'speakersChanged', value: { peerIds: [name as PeerId] } });
const saidTo = ({ facts }: RelayedLink) =>
  facts.flatMap((fact) => (fact.case === 'speakersChanged' ? fact.value.peerIds : []));

function planFrom(random: () => number): readonly PlannedBreak[] {
  const kinds: readonly Break[] = ['rst', 'fin', 'half-open', { blackholeMs: random() * BLACKHOLE_MS }];
  return Array.from({ length: BREAKS }, () => {
    const way = random() < 0.5 ? 'up' : 'down';
    const how = kinds[Math.floor(random() * kinds.length)] ?? 'rst';
    return { how, way, afterBytes: Math.floor(random() * MAX_BYTES[way]) };
  });
}

/**
 * Both sides talk while sockets break. The client says intents and asks requests; the server tells a fact with each request
 * that it carries out, and others of its own.
 */
async function run(name: string, plan: readonly PlannedBreak[], random: () => number) {
  const relayed = await RelayedLink.join(fixture.server.port, name, await fixture.token(name), random);
  links.push(relayed);
  const { link, relay } = relayed;
  const record = heard.get(name);
  if (!record) throw new Error('nobody joined');
  relay.plan(plan);
  const said: string[] = [];
  const told: string[] = [];
  const answers: Promise<string>[] = [];
  for (let word = 0; word < WORDS || relay.planned > 0; word += 1) {
    if (link.closed) throw new Error(`${name}: ${(await link.ended).message}`);
    const pick = random();
    const id = `${word}`;
    if (pick < 0.4) {
      said.push(id);
      link.intend({ case: 'consumerReady', value: { consumerId: id as ConsumerId } });
    } else if (pick < 0.7) {
      said.push(id);
      const request = link.request({ case: 'closeProducer', value: { producerId: id as ProducerId } }, 'done');
      const answer = request.then(() => `answer at ${saidTo(relayed).includes(`with-${id}` as PeerId)}`);
      answer.catch(() => undefined); // the end of the link says it
      answers.push(answer);
    } else {
      told.push(id);
      record.tell(speaking(id));
    }
    await new Promise((resolve) => setTimeout(resolve, random() * PAUSE_MS));
  }
  const outcomes = await Promise.all(answers);
  await link.request({ case: 'ping', value: {} }, 'done'); // facts come before the answer to what was asked after them
  const facts = saidTo(relayed);
  link.close();
  return { said, done: record.done, told, facts, outcomes, awayMs: relayed.awayMs };
}

function expectExactlyOnce({ said, done, told, facts, outcomes }: Awaited<ReturnType<typeof run>>, what: string): void {
  expect(done, what).toEqual(said);
  expect(
    facts.filter((fact) => !fact.startsWith('with-')),
    what,
  ).toEqual(told);
  const withRequests = facts.filter((fact) => fact.startsWith('with-'));
  expect(withRequests, what).toHaveLength(outcomes.length);
  expect(new Set(withRequests).size, what).toBe(outcomes.length);
  expect(new Set(outcomes), what).toEqual(new Set(['answer at true'])); // a fact of before the answer came before it
}

describe('sockets that break while both sides talk', () => {
  test.each<[string, Break]>([
    ['reset', 'rst'],
    ['ended', 'fin'],
    ['gone here and open there', 'half-open'],
  ])('%s: the session goes on within two seconds, with every word once', async (name, how) => {
    const plan = (['up', 'down', 'up', 'down'] as const).map((way, at) => ({ how, way, afterBytes: 150 + 97 * at }));
    const outcome = await run(`one-${how}`, plan, seeded(1));
    expectExactlyOnce(outcome, name);
    expect(outcome.awayMs.length).toBeGreaterThan(0);
    expect(Math.max(...outcome.awayMs)).toBeLessThan(2_000);
  });

  test(
    `${RUNS} times at random bytes, in all ways: nothing is lost, doubled or out of order`,
    async () => {
      const seed = Date.now() >>> 0;
      const seeds = Array.from({ length: RUNS }, (_, at) => seed + at);
      const outcomes = await Promise.all(
        seeds.map(async (each) => {
          const random = seeded(each);
          return { each, outcome: await run(`run-${each}`, planFrom(random), random) };
        }),
      );
      for (const { each, outcome } of outcomes) expectExactlyOnce(outcome, `seed ${each}`);
      const away = outcomes.reduce((sum, { outcome }) => sum + outcome.awayMs.length, 0);
      expect(away, `seed ${seed}`).toBeGreaterThan(RUNS);
      await until('no session is left', () => fixture.server.sessions === 0);
    },
    LIMIT_MS,
  );
});
