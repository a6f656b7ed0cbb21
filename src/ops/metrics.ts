import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Join is at most three round trips and one worker call; above a second something is wrong. */
const JOIN_SECONDS_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** From some round trips to the slowest member of a large room. */
const EPOCH_SECONDS_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

/** All that the server counts. Labels are small closed sets: never a room, a peer or an address. */
export class Metrics {
  readonly registry = new Registry();

  readonly framesReceived = this.#counter('conclave_signaling_frames_received_total', 'Frames by kind', ['kind']);
  readonly framesSent = this.#counter('conclave_signaling_frames_sent_total', 'Answers and facts', []);
  readonly bytesSent = this.#counter('conclave_signaling_sent_bytes_total', 'Bytes of answers and facts', []);
  readonly refusals = this.#counter('conclave_refusals_total', 'Frames and connections refused, by code', ['code']);
  readonly socketsOpened = this.#counter('conclave_sockets_opened_total', 'WebSockets accepted', []);
  readonly sessionsOpened = this.#counter('conclave_sessions_opened_total', 'Sessions begun with a token', []);
  readonly sessionsResumed = this.#counter(
    'conclave_sessions_resumed_total',
    'Sessions that went on over a new socket',
    [],
  );
  readonly sessionsClosed = this.#counter('conclave_sessions_closed_total', 'Sessions ended, by reason', ['reason']);
  readonly joinSeconds = new Histogram({
    name: 'conclave_join_seconds',
    help: 'From the join request to its answer, in the server',
    buckets: JOIN_SECONDS_BUCKETS,
    registers: [this.registry],
  });

  readonly mlsCommits = this.#counter('conclave_mls_commits_total', 'Commits accepted', []);
  readonly mlsCommitsVoided = this.#counter('conclave_mls_commits_voided_total', 'Commits that members rejected', []);
  readonly mlsCommitTimeouts = this.#counter('conclave_mls_commit_timeouts_total', 'Committers that were too slow', []);
  readonly mlsEpochSeconds = new Histogram({
    name: 'conclave_mls_epoch_seconds',
    help: 'From a commit to the epoch in which all members are',
    buckets: EPOCH_SECONDS_BUCKETS,
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry, prefix: 'conclave_' });
  }

  /** A gauge that is read when somebody scrapes. */
  watch(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  #counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }
}
