import { expect } from 'vitest';
import { CLOSE_CODES } from '../../src/signaling/errors.ts';
import { decodeClientFrame, encodeClientFrame, WireError } from '../../src/wire/index.ts';
import { Refusal, SignalingClient } from '../support/signaling-client.ts';
import { join, type SignalingFixture } from './signaling-fixture.ts';

/** Far above what an answer takes on a busy machine: what comes later is what the test looks for. */
const ANSWER_LIMIT_MS = 10_000;

/** Every code that a bad frame may be refused with. The others would be news of a server in trouble. */
const REFUSALS: readonly string[] = [
  'too-large',
  'media-lost', // of a path that is not the peer's
  'malformed',
  'invalid',
  'out-of-order',
  'unauthenticated',
  'resume-refused',
  'wrong-room',
  'already-joined',
  'not-found',
  'forbidden',
  'stale-epoch',
  'rate-limited',
];

const INTENTS: readonly string[] = [
  'view',
  'consumerReady',
  'epochReached',
  'commitRejected',
  'admit',
  'sealed',
  'speaking',
];

/** A connection that comes as a stranger, as somebody greeted, or as a member of the room. */
export type Standing = 'stranger' | 'greeted' | 'member';

/** What became of a frame. `intent`: it can be read and asks for no answer. */
export type Fate = 'answered' | 'refused' | 'closed' | 'intent';

/** What the protocol owes a frame: an answer under this id, which is a refusal when its code is known before. */
interface Due {
  readonly id: number;
  readonly refusal?: string;
  readonly isIntent?: boolean;
}

/** Sends whatever it is given, and fails unless the server does what the protocol says. */
export class Attacker {
  #lastId = 0;
  #isClosed = false;

  private constructor(readonly client: SignalingClient) {
    void client.closed.then(() => {
      this.#isClosed = true;
    });
  }

  static async open(fixture: SignalingFixture, room: string, standing: Standing): Promise<Attacker> {
    const attacker = new Attacker(await SignalingClient.open(fixture.server.port));
    if (standing === 'stranger') return attacker;
    const token = await fixture.token(room, { moderator: false }); // a moderator may remove bystanders, and lock others out
    await attacker.client.hello(token);
    attacker.#lastId = 1;
    if (standing === 'greeted') return attacker;
    await join(attacker.client, room);
    attacker.#lastId = 2;
    return attacker;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get nextId(): number {
    return this.#lastId + 1;
  }

  async fateOf(bytes: Uint8Array): Promise<Fate> {
    const due = this.#dueFor(bytes);
    if (due.isIntent) {
      this.client.sendRaw(bytes);
      await this.#settled();
      return 'intent';
    }
    const outcome = await inTime(this.client.requestRaw(bytes, due.id).catch((error: Error) => error));
    if (outcome instanceof Refusal) {
      expect(due.refusal ? [due.refusal] : REFUSALS).toContain(outcome.code);
      return 'refused';
    }
    if (outcome instanceof Error) return 'closed';
    expect(due.refusal, `answered ${outcome.case}`).toBeUndefined();
    return 'answered';
  }

  /** Waits for the connection to be closed, and fails unless the code is one for bad frames, said in words before. */
  async expectClosing(): Promise<void> {
    const { closeCode, closeReason, said } = await inTime(this.client.closed);
    expect(said?.code).toBe(closeReason);
    for (const { code } of [...this.client.refusals, { code: closeReason }]) expect(REFUSALS).toContain(code);
    expect(closeCode).toBe(Object.entries(CLOSE_CODES).find(([code]) => code === closeReason)?.[1]);
  }

  /** What the server says of an intent is said: no later frame can take a late refusal for its own. */
  async #settled(): Promise<void> {
    const ping = encodeClientFrame(this.nextId, { case: 'ping', value: {} });
    this.#lastId += 1;
    await inTime(this.client.requestRaw(ping, this.#lastId).catch(() => undefined)); // a stranger's is refused, too
  }

  #dueFor(bytes: Uint8Array): Due {
    try {
      const { id, body } = decodeClientFrame(bytes);
      if (id <= this.#lastId) return { id: 0, refusal: 'malformed' };
      this.#lastId = id;
      return { id, isIntent: INTENTS.includes(body.case) };
    } catch (error) {
      if (error instanceof WireError) return { id: error.frameId, refusal: error.code };
      throw error;
    }
  }
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${ANSWER_LIMIT_MS} ms`)), ANSWER_LIMIT_MS);
  });
  return await Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
