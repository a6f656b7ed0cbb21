import { Facts, type Log } from '../base/index.ts';
import type { CallEvents } from './call-events.ts';
import { type CallState, type CallStep, nextState } from './call-state.ts';

/** Where a call stands, and who is told of it and of all else. */
export class CallTelling {
  readonly #facts = new Facts<CallEvents>();
  readonly #log: Log;
  #state: CallState = { kind: 'idle' };

  constructor(log: Log) {
    this.#log = log;
  }

  get state(): CallState {
    return this.#state;
  }

  /** The answer stops listening. A listener that throws is logged and disturbs nobody else. */
  on<Name extends keyof CallEvents & string>(name: Name, listener: (...args: CallEvents[Name]) => void): () => void {
    return this.#facts.on(name, (...args) => {
      try {
        listener(...args);
      } catch (error) {
        this.#log.error('listener threw', { reason: name, error });
      }
    });
  }

  tell<Name extends keyof CallEvents & string>(name: Name, ...args: CallEvents[Name]): void {
    this.#facts.tell(name, ...args);
  }

  step(step: CallStep): void {
    const before = this.#state;
    const next = nextState(before, step);
    if (next === before) return;
    this.#state = next;
    this.tell('stateChanged', next);
    if (next.kind === 'joined') this.tell(before.kind === 'connecting' ? 'joined' : 'reconnected');
    if (next.kind === 'reconnecting') this.tell('reconnecting', next.cause);
    if (next.kind === 'left') this.tell('left', next.reason);
  }
}
