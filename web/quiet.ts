import { signal } from '@preact/signals';
import type { Call } from '../src/client/index.ts';
import { remember, remembered } from './remembered.ts';

const KEY = 'conclave.noise-suppression';

/** Whether this person wants noise taken out of their microphone: off until they say so, and remembered. */
export class Quiet {
  readonly wanted = signal(remembered(() => localStorage, KEY) === 'on');
  readonly #call: Call;
  readonly #failed: () => void;

  constructor(call: Call, failed: () => void) {
    this.#call = call;
    this.#failed = failed;
    void this.again();
  }

  async want(wanted: boolean): Promise<void> {
    this.wanted.value = wanted;
    remember(() => localStorage, KEY, wanted ? 'on' : 'off');
    if (await this.#call.setNoiseSuppression(wanted)) return;
    this.wanted.value = false;
    this.#failed();
  }

  /** From a click, which is what browsers may have waited for. */
  async again(): Promise<void> {
    if (this.wanted.value) await this.#call.setNoiseSuppression(true);
  }
}
