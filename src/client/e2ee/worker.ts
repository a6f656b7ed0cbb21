/*
 * The SDK's worker: all keys of a call live here and nowhere else. Every encoded frame passes it, and so does every message about
 * keys; the page's thread carries both and can read neither.
 */
import { CallError, type MemberId, systemClock } from '../../base/index.ts';
import { type Admission, callbackAdmission, callSecretAdmission, type LeafClaim } from '../../crypto/index.ts';
import type { SentClientMessage } from '../../wire/index.ts';
import { NO_FRAMES } from '../frame-counts.ts';
import type { DeliveryPort } from './delivery-port.ts';
import { E2eeEngine } from './engine.ts';
import { FrameKeys } from './frame-keys.ts';
import { type MutableFrameCounts, pump, type Transformer } from './frame-pump.ts';
import type { RemovedAs } from './group-listener.ts';
import { openIdentityStore } from './identity-store.ts';
import type { Beginning, FromWorker, Refusal, ToWorker } from './worker-protocol.ts';

/** What is used of a DedicatedWorkerGlobalScope with encoded transforms; the DOM library describes windows only. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  onrtctransform: ((event: { readonly transformer: Transformer }) => void) | null;
  postMessage(message: FromWorker): void;
}

const scope = globalThis as unknown as WorkerScope;
const keys = new FrameKeys(systemClock);
const counts: MutableFrameCounts = structuredClone(NO_FRAMES);
const identity = openIdentityStore();
const questions = new Map<number, (answer: Extract<ToWorker, { readonly id: number }>) => void>();
let lastQuestion = 0;
/** Commands wait for the one before them, so that no fact overtakes the beginning of its stay. */
let engine: Promise<E2eeEngine | undefined> = Promise.resolve(undefined);

scope.onrtctransform = ({ transformer }) => {
  const { id } = transformer.options;
  const flowing = () => scope.postMessage({ kind: 'flowing', id });
  pump(transformer, { keys, counts, flowing, nowMs: () => systemClock.nowMs() });
};

scope.onmessage = ({ data, ports }) => {
  if (data.kind === 'count') ports[0]?.postMessage(counts);
  else if (data.kind === 'answered' || data.kind === 'app-answered') answered(data);
  else if (data.kind === 'begin') engine = begin(engine, data.beginning);
  else if (data.kind === 'remove') void remove(data.target).then((refusal) => ports[0]?.postMessage(refusal));
  else void engine.then((current) => current && command(current, data)).catch(broke);
};

async function begin(before: typeof engine, beginning: Beginning): Promise<E2eeEngine | undefined> {
  try {
    (await before)?.close();
    const { memberId, userId, deviceId, roomId, name, secret, lobby } = beginning;
    const store = await identity;
    const admission = secret ? await callSecretAdmission({ secret, roomId, lobby }) : appAdmission;
    const next = new E2eeEngine({
      own: { memberId, userId, deviceId, roomId, name, signatureKeys: store.signatureKeys },
      admission,
      lobby,
      port: portOf(memberId),
      keys,
      identity: store,
      clock: systemClock,
      random: Math.random,
      tell: (news) => scope.postMessage({ kind: 'news', news }),
    });
    next.begin().catch(broke);
    return next;
  } catch (error) {
    broke(error);
    return undefined;
  }
}

/** Why it was not done. */
async function remove(target: RemovedAs): Promise<Refusal | undefined> {
  try {
    await (await engine)?.remove(target);
    return undefined;
  } catch (error) {
    const { code, message } = CallError.from(error);
    return { code, message };
  }
}

type Command = Exclude<ToWorker, { readonly kind: 'begin' | 'count' | 'remove' | 'answered' | 'app-answered' }>;

async function command(current: E2eeEngine, asked: Command): Promise<unknown> {
  switch (asked.kind) {
    case 'told':
      return current.told(asked.fact);
    case 'chat':
      return current.say({ case: 'chat', value: { text: asked.text } });
    case 'reaction':
      return current.say({ case: 'reaction', value: { emoji: asked.emoji } });
    case 'presence':
      return current.show(asked.presence);
    case 'admit':
      return current.admit(asked.knocker, asked.admitted);
    case 'ask-to-mute':
      return current.say({ case: 'muteAsk', value: { memberId: asked.memberId } });
    case 'moderators':
      return current.moderatorsAre(asked.memberIds);
    case 'move-here':
      return current.say({ case: 'moveHere', value: {} });
    case 'make-emoji':
      return current.makeEmoji();
    case 'watch-digits':
      return current.watchDigits(asked.watched);
    case 'verify':
      return current.verify(asked.compared);
  }
}

function portOf(stay: MemberId): DeliveryPort {
  return {
    async request(body: SentClientMessage) {
      const answer = await ask((id) => scope.postMessage({ kind: 'request', stay, id, body }));
      if (answer.kind === 'answered' && answer.refusal)
        throw new CallError(answer.refusal.code, answer.refusal.message);
    },
    intend: (body) => scope.postMessage({ kind: 'intend', stay, body }),
  };
}

const appAdmission: Admission = callbackAdmission({
  async prove(claim: LeafClaim) {
    const answer = await ask((id) => scope.postMessage({ kind: 'app-prove', id, claim }));
    if (answer.kind === 'app-answered' && answer.value instanceof Uint8Array) return answer.value;
    throw new CallError('forbidden', 'the app gave no proof');
  },
  async check(claim: LeafClaim, proof: Uint8Array) {
    const answer = await ask((id) => scope.postMessage({ kind: 'app-check', id, claim, proof }));
    return answer.kind === 'app-answered' && answer.value === true;
  },
});

function ask(send: (id: number) => void): Promise<Extract<ToWorker, { readonly id: number }>> {
  lastQuestion += 1;
  const id = lastQuestion;
  return new Promise((resolve) => {
    questions.set(id, resolve);
    send(id);
  });
}

function answered(answer: Extract<ToWorker, { readonly id: number }>): void {
  questions.get(answer.id)?.(answer);
  questions.delete(answer.id);
}

/** Half an engine seals nothing right: the page is told, and nothing is sent from here on. */
function broke(error: unknown): void {
  if (error instanceof CallError && error.code === 'unavailable') return; // the socket or the stay is gone: another begins
  keys.halted = true;
  scope.postMessage({ kind: 'broke', message: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown' });
}
