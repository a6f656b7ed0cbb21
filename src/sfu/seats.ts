import { CallError, type CallErrorCode } from '../base/index.ts';

/** So many and no more. */
export class Seats {
  #taken = 0;

  /** `code` is what somebody is told who comes when all are taken. */
  constructor(
    readonly limit: number,
    readonly code: CallErrorCode,
  ) {}

  get taken(): number {
    return this.#taken;
  }

  /** The answer gives the seat back; twice is once. @throws CallError with the code. */
  take(): () => void {
    if (this.#taken >= this.limit) throw new CallError(this.code, `all ${this.limit} seats are taken`);
    this.#taken += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#taken -= 1;
    };
  }
}
