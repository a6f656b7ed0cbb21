import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ConsumerId, PeerId, ProducerId } from '../../src/base/index.ts';
import { SignalingLink } from '../../src/client/signaling-link.ts';
import { ReplayBuffer } from '../../src/signaling/replay-buffer.ts';
import {
  type ClientFrame,
  encodeServerBody,
  joinServerFrame,
  type SentServerMessage,
  type ServerMessage,
} from '../../src/wire/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { settled } from '../support/settled.ts';
import { FakeWebSocket, WELCOME } from './fake-web-socket.ts';

/** The server's half of a session, with what it carried out. Frames wait on both ways until the test lets them pass. */
class Exchange {
  readonly carriedOut: string[] = [];
  readonly clock = new FakeClock();
  readonly told: string[] = [];
  readonly answered: string[] = [];
  readonly link: SignalingLink;
  readonly #replay = new ReplayBuffer(1_000_000);
  #webSocket: FakeWebSocket | undefined;
  #readUp = 0;
  #down: Uint8Array[] = [];
  #lastId = 0;

  constructor() {
    this.link = new SignalingLink('wss://calls.example', {
      openWebSocket: () => this.#accept(),
      clock: this.clock,
      random: () => 0,
      whenOnline: () => () => undefined,
      log: recordedLog(),
      told: (fact) => this.told.push(nameOf(fact)),
    });
  }

  async begin(): Promise<void> {
    this.#webSocket?.open();
    await this.link.opened;
    const greeting = this.link.greet('token');
    this.passUp(1);
    this.passDown(1);
    await greeting;
  }

  say(name: string): void {
    this.link.intend({ case: 'consumerReady', value: { consumerId: name as ConsumerId } });
  }

  show(name: string): void {
    const tile = { peerId: name as PeerId, source: 'camera', heightPx: 100, priority: 1 } as const;
    this.link.intend({ case: 'view', value: { tiles: [tile], hears: true } });
  }

  ask(name: string): void {
    const request = this.link.request({ case: 'closeProducer', value: { producerId: name as ProducerId } }, 'done');
    void request.then(() => this.answered.push(name));
  }

  tell(name: string): void {
    this.#number(0, { case: 'speakersChanged', value: { peerIds: [name as PeerId] } });
  }

  /** The server gets so many frames that are on their way. */
  passUp(count: number): void {
    const frames = this.#webSocket?.sent.slice(this.#readUp, this.#readUp + count) ?? [];
    this.#readUp += frames.length;
    for (const frame of frames) this.#carryOut(frame);
  }

  passDown(count: number): void {
    for (const frame of this.#down.splice(0, count)) this.#webSocket?.deliver(frame.buffer);
  }

  /** What is on its way is lost. */
  cut(): void {
    const webSocket = this.#webSocket;
    this.#webSocket = undefined;
    this.#down = [];
    webSocket?.drop();
  }

  /** Opens the socket that the link waits for, if it does. */
  connect(): void {
    this.clock.advance(0);
    if (this.#webSocket?.sent.length === 0) this.#webSocket.open();
  }

  async settle(): Promise<void> {
    for (let round = 0; round < 20; round += 1) {
      this.clock.advance(250);
      this.connect();
      this.passUp(1_000);
      this.passDown(1_000);
      await settled();
    }
  }

  #accept(): FakeWebSocket {
    this.#webSocket = new FakeWebSocket();
    this.#readUp = 0;
    this.#down = [];
    return this.#webSocket;
  }

  #carryOut({ id, ack, body }: ClientFrame): void {
    this.#replay.acknowledge(ack);
    if (body.case === 'hello') this.#greet(id, body.value);
    else {
      expect(id).toBeGreaterThan(this.#lastId);
      this.#lastId = id;
      if (body.case === 'consumerReady') this.carriedOut.push(body.value.consumerId);
      if (body.case === 'view') this.carriedOut.push(body.value.tiles[0]?.peerId ?? '');
      if (body.case === 'closeProducer') this.carriedOut.push(body.value.producerId);
      if (body.case !== 'consumerReady' && body.case !== 'view') this.#number(id, { case: 'done', value: {} });
    }
  }

  #greet(id: number, hello: Extract<ClientFrame['body'], { case: 'hello' }>['value']): void {
    if ('token' in hello) {
      this.#lastId = id;
      this.#send(id, 0, encodeServerBody({ case: 'hello', value: WELCOME }));
      return;
    }
    const missed = this.#replay.after(hello.resume.lastSeq);
    if (!missed) throw new Error('what was acknowledged was not received');
    this.#send(id, 0, encodeServerBody({ case: 'resumed', value: { lastId: this.#lastId } }));
    for (const frame of missed) this.#send(frame.id, frame.seq, frame.body);
  }

  /** Without a socket, or before it said Hello, it is only kept. */
  #number(id: number, body: SentServerMessage): void {
    const { frame } = this.#replay.push(id, encodeServerBody(body));
    if (this.#readUp > 0) this.#send(id, frame.seq, frame.body);
  }

  #send(id: number, seq: number, body: Uint8Array): void {
    if (this.#webSocket) this.#down.push(joinServerFrame(id, seq, body));
  }
}

const nameOf = (fact: ServerMessage) => (fact.case === 'speakersChanged' ? (fact.value.peerIds[0] ?? '') : fact.case);

const step = fc.oneof(
  fc.constantFrom('say', 'show', 'ask', 'tell', 'cut', 'connect').map((name) => ({ name, count: 1 })),
  fc.record({ name: fc.constantFrom('passUp', 'passDown'), count: fc.integer({ min: 1, max: 4 }) }),
);

test('whatever is cut and whenever: each frame is carried out once, each fact and answer comes once, in order; of views the last', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 80 }), async (steps) => {
      const exchange = new Exchange();
      await exchange.begin();
      const sent = { up: [] as string[], shown: [] as string[], asked: [] as string[], down: [] as string[] };
      for (const [at, { name, count }] of steps.entries()) {
        const word = `w${at}`;
        if (name === 'say' || name === 'show' || name === 'ask') sent.up.push(word);
        if (name === 'show') sent.shown.push(word);
        if (name === 'ask') sent.asked.push(word);
        if (name === 'tell') sent.down.push(word);
        if (name === 'say' || name === 'show' || name === 'ask' || name === 'tell') exchange[name](word);
        else if (name === 'passUp' || name === 'passDown') exchange[name](count);
        else if (name === 'cut' || name === 'connect') exchange[name]();
      }
      await exchange.settle();
      expect(exchange.link.closed).toBe(false);
      const superseded = sent.shown.filter((word) => !exchange.carriedOut.includes(word));
      expect(exchange.carriedOut).toEqual(sent.up.filter((word) => !superseded.includes(word)));
      expect(superseded).not.toContain(sent.shown.at(-1));
      expect(exchange.told).toEqual(sent.down);
      expect(exchange.answered).toEqual(sent.asked);
      exchange.link.close();
    }),
    { numRuns: 300 },
  );
});
