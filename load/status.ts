/** Where nothing can be rewritten a line is enough so often. */
const LINE_EVERY_MS = 5_000;

/** The line that says what is going on: rewritten on a terminal, else one every few seconds. On stderr: stdout is for answers. */
export class Status {
  readonly #out: NodeJS.WriteStream;
  #shownMs = Number.NEGATIVE_INFINITY;
  #isOpen = false;

  constructor(out: NodeJS.WriteStream = process.stderr) {
    this.#out = out;
  }

  update(line: string): void {
    if (this.#out.isTTY) {
      const width = this.#out.columns || 80;
      this.#out.write(`\r\x1b[K${line.slice(0, width - 1)}`);
      this.#isOpen = true;
      return;
    }
    const nowMs = performance.now();
    if (nowMs - this.#shownMs < LINE_EVERY_MS) return;
    this.#shownMs = nowMs;
    this.#out.write(`${line}\n`);
  }

  /** A line that stays, and is shown whatever came before. */
  say(line: string): void {
    if (this.#isOpen) this.#out.write('\r\x1b[K');
    this.#isOpen = false;
    this.#shownMs = Number.NEGATIVE_INFINITY;
    this.#out.write(`${line}\n`);
  }
}
