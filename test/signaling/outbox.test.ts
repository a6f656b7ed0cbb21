import { describe, expect, test } from 'vitest';
import { CallError, type PeerId } from '../../src/base/index.ts';
import { Outbox } from '../../src/signaling/outbox.ts';
import type { Socket } from '../../src/signaling/socket.ts';
import { decodeServerFrame, type SentServerMessage, type ServerFrame } from '../../src/wire/index.ts';

/** A socket whose network takes nothing until told. */
class FakeSocket implements Socket {
  readonly frames: ServerFrame[] = [];
  readonly raw: Uint8Array[] = [];
  ended: { code: number; reason: string } | undefined;
  bufferedBytes = 0;
  drops = false;

  send(frame: Uint8Array): boolean {
    if (this.drops) return false;
    this.frames.push(decodeServerFrame(frame));
    this.raw.push(frame);
    this.bufferedBytes += frame.byteLength;
    return true;
  }
  ping(): void {}
  end(code: number, reason: string): void {
    this.ended = { code, reason };
  }
}

function open(limitBytes = 10_000) {
  const socket = new FakeSocket();
  const seen = { overflows: 0 };
  const overflowed = () => {
    seen.overflows += 1;
  };
  const outbox = new Outbox({ limitBytes, overflowed });
  outbox.attach(socket, 0);
  return { socket, seen, outbox };
}

const left = (peerId: string): SentServerMessage => ({ case: 'peerLeft', value: { peerId: peerId as PeerId } });
const tooSlow = new CallError('too-slow', 'too slow');

describe('outbox', () => {
  test('answers carry their id, and are numbered with the facts, without gaps', () => {
    const { socket, outbox } = open();
    outbox.fact(left('a'));
    outbox.answer(7, { case: 'done', value: {} });
    outbox.fact(left('b'));
    outbox.close('shutting-down', new CallError('shutting-down', 'bye'));
    expect(socket.frames.map(({ id, seq, body }) => [id, seq, body?.case])).toEqual([
      [0, 1, 'peerLeft'],
      [7, 2, 'done'],
      [0, 3, 'peerLeft'],
      [0, 4, 'sessionClosing'],
    ]);
    expect(socket.ended).toEqual({ code: 4052, reason: 'shutting-down' });
  });

  test('facts held back come after the answer, in their order', () => {
    const { socket, outbox } = open();
    outbox.holdFacts();
    outbox.fact(left('a'));
    outbox.fact(left('b'));
    outbox.answer(1, { case: 'done', value: {} });
    outbox.releaseFacts();
    outbox.fact(left('c'));
    expect(socket.frames.map(({ id, seq }) => [id, seq])).toEqual([
      [1, 1],
      [0, 2],
      [0, 3],
      [0, 4],
    ]);
  });

  test('one fact told to many sessions is encoded once', () => {
    let encodings = 0;
    const fact: SentServerMessage = {
      case: 'peerLeft',
      get value() {
        encodings += 1;
        return { peerId: 'a' as PeerId };
      },
    };
    for (let session = 0; session < 10; session += 1) open().outbox.fact(fact);
    expect(encodings).toBe(1);
  });

  test('a client that is behind is given up after the send, told why, and sent nothing else', async () => {
    const { socket, seen, outbox } = open(100);
    while (socket.bufferedBytes < 80) outbox.fact(left('abcdefghij'));
    const before = socket.frames.length;
    outbox.fact(left('x'.repeat(90)));
    outbox.fact(left('a'));
    outbox.answer(1, { case: 'done', value: {} });
    expect([seen.overflows, socket.frames.length]).toEqual([0, before]);

    await Promise.resolve();
    expect(seen.overflows).toBe(1);
    outbox.close('too-slow', tooSlow);
    expect(socket.frames.at(-1)?.body?.case).toBe('sessionClosing');
    expect(socket.frames.at(-1)?.seq).toBe(before + 1);
    expect(socket.ended?.code).toBe(4021);
  });

  test('after a dropped frame nothing is sent, not even why', async () => {
    const { socket, seen, outbox } = open();
    socket.drops = true;
    outbox.fact(left('a'));
    socket.drops = false;
    outbox.fact(left('b'));
    await Promise.resolve();
    outbox.close('too-slow', tooSlow);
    expect([seen.overflows, socket.frames.length]).toEqual([1, 0]);
  });

  test('nothing is sent after it closed', () => {
    const { socket, outbox } = open();
    outbox.close('internal', new CallError('internal', 'x'));
    outbox.fact(left('a'));
    outbox.answer(1, { case: 'done', value: {} });
    outbox.close('internal', new CallError('internal', 'x'));
    expect(socket.frames).toHaveLength(1);
  });

  test('while the client is away everything is kept, and follows on the next socket with its numbers', () => {
    const { socket, outbox } = open();
    outbox.fact(left('a'));
    outbox.fact(left('b')); // written, and not received
    outbox.detach();
    outbox.answer(4, { case: 'done', value: {} });
    outbox.fact(left('c'));
    expect(socket.frames).toHaveLength(2);
    const next = new FakeSocket();
    expect(outbox.canReplay(1)).toBe(true);
    outbox.attach(next, 1);
    outbox.fact(left('d'));
    expect(next.frames.map(({ id, seq, body }) => [id, seq, body?.case])).toEqual([
      [0, 2, 'peerLeft'],
      [4, 3, 'done'],
      [0, 4, 'peerLeft'],
      [0, 5, 'peerLeft'],
    ]);
    expect([outbox.canReplay(0), outbox.canReplay(5), outbox.canReplay(6)]).toEqual([false, true, false]);
  });

  test('a client that is away for more than may be kept is given up', async () => {
    const { seen, outbox } = open(1_000);
    outbox.detach();
    for (let at = 0; at < 8; at += 1) outbox.fact(left('a'));
    await Promise.resolve();
    expect(seen.overflows).toBe(0);
    outbox.fact(left('x'.repeat(100)));
    await Promise.resolve();
    expect(seen.overflows).toBe(1);
  });

  test('a client that acknowledges nothing is told everything, and cannot come back', () => {
    const { socket, seen, outbox } = open(1_000);
    for (let at = 0; at < 50; at += 1) {
      socket.bufferedBytes = 0;
      outbox.fact(left('a'));
    }
    expect([socket.frames.length, seen.overflows, outbox.canReplay(0), outbox.canReplay(50)]).toEqual([
      50,
      0,
      false,
      true,
    ]);
  });
});
