import { expect, test } from 'vitest';
import { type IdentityStore, passingIdentity } from '../../../src/client/e2ee/identity-store.ts';
import { seeded } from '../../support/seeded.ts';
import { Delivery } from './delivery.ts';
import { Person } from './person.ts';
import { expectTogether } from './together.ts';

const OPERATIONS = 60;
const MAX_PEOPLE = 8;

/** All limits of the delivery service, one after the other. */
const SETTLE_MS = 60_000;

/** People come, go, come again on the same device, refresh, die in the middle and miss facts, on a network that loses some. */
class Simulation {
  readonly delivery = new Delivery();
  readonly #random: () => number;
  readonly #here: Person[] = [];
  /** Gone for good, with all their keys; they still hear everything. */
  readonly #gone: Person[] = [];
  readonly #devices = new Map<string, IdentityStore>();
  #born = 0;

  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  async step(): Promise<void> {
    const roll = this.#random();
    const somebody = this.#here[Math.floor(this.#random() * this.#here.length)];
    if (roll < 0.3 || !somebody || this.#here.length < 2) await this.#join(`p${this.#born++}`);
    else if (roll < 0.45) this.#leave(somebody);
    else if (roll < 0.55) await this.#reload(somebody);
    else if (roll < 0.65) this.#refresh(somebody);
    else if (roll < 0.75) this.#loseFacts(somebody);
    else if (roll < 0.85) await this.#dieWithACommit();
    else await somebody.engine.say({ case: 'chat', value: { text: 'hello' } });
    await this.delivery.advance(Math.floor(this.#random() * 600));
  }

  /** The network is good again: within bounded time all are together, and nobody who is gone opens anything. */
  async settle(): Promise<void> {
    this.delivery.hostility = {};
    await this.delivery.advance(SETTLE_MS, 100);
    expect(this.delivery.faults).toEqual([]);
    await expectTogether(this.delivery, this.#here);
    for (const from of this.#here) {
      const frame = await from.seal();
      for (const gone of this.#gone) {
        expect(frame && (await gone.open(from.id, frame))).not.toBe('hello');
        expect(frame && (await gone.keys.opensWithAny(new Uint8Array(frame), 'opus'))).toBe(false);
      }
    }
  }

  async #join(name: string): Promise<void> {
    if (this.#here.length >= MAX_PEOPLE) return;
    const identity = this.#devices.get(name) ?? (await passingIdentity());
    this.#devices.set(name, identity);
    this.#here.push(await Person.join(this.delivery, name, { identity }));
  }

  #leave(person: Person): void {
    this.#here.splice(this.#here.indexOf(person), 1);
    this.#gone.push(person);
    this.delivery.leave(person);
    if (this.delivery.spies.size < 3) this.delivery.spies.add(person);
  }

  async #reload(person: Person): Promise<void> {
    this.#leave(person);
    await this.#join(person.name);
  }

  #refresh(person: Person): void {
    const { epoch } = person.security;
    if (epoch === undefined) return;
    this.delivery.tell(person, { case: 'commitWanted', value: { epoch, adds: [], removedMemberIds: [] } });
  }

  /** For the next while, half of what the server tells this person is lost. */
  #loseFacts(person: Person): void {
    this.delivery.hostility = { tell: (to, fact) => (to === person.id && this.#random() < 0.5 ? [] : [fact]) };
  }

  /** Whoever commits next dies: before, while or after the server hears it. */
  async #dieWithACommit(): Promise<void> {
    const fate = (['lost', 'unanswered', 'done'] as const)[Math.floor(this.#random() * 3)] ?? 'lost';
    let dead: Person | undefined;
    this.delivery.hostility = {
      hear: (from, body) => {
        if (dead || body.case !== 'commit') return 'pass';
        dead = this.#here.find(({ id }) => id === from);
        return dead ? fate : 'pass';
      },
    };
    await this.delivery.advance(400);
    this.delivery.hostility = {};
    if (dead && this.#here.includes(dead)) this.#leave(dead);
  }
}

test.each([1, 2, 3])('F18, F20: whatever happens, all who stay find together: seed %i', async (seed) => {
  const simulation = new Simulation(seed);
  for (let operation = 1; operation <= OPERATIONS; operation += 1) {
    await simulation.step();
    if (operation % 20 === 0) await simulation.settle();
  }
});
