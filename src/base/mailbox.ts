/** Runs the jobs of one object one at a time, in order. A job that fails fails alone. */
export class Mailbox {
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Jobs that have not ended. */
  get waiting(): number {
    return this.#waiting;
  }

  /** The job's own outcome, once all jobs before it have ended. */
  run<T>(job: () => Promise<T> | T): Promise<T> {
    this.#waiting += 1;
    const outcome = this.#tail.then(job);
    this.#tail = outcome.then(
      () => this.#end(),
      () => this.#end(), // the caller of run() has the error
    );
    return outcome;
  }

  /** Resolves when all jobs given so far have ended. */
  async idle(): Promise<void> {
    await this.#tail;
  }

  #end(): void {
    this.#waiting -= 1;
  }
}
