/** What the server says at /metrics; what it does not say is `undefined`. */
export interface ServerFacts {
  /** 0 to 1: above CONCLAVE_MAX_LOAD it takes no new rooms. */
  readonly load_ratio: number | undefined;
  readonly workers: number | undefined;
  readonly rooms: number | undefined;
  readonly peers: number | undefined;
  /** Media streams in, and out. */
  readonly producers: number | undefined;
  readonly consumers: number | undefined;
  readonly worker_deaths: number | undefined;
}

/** Of the text format of Prometheus the gauges that a load tester looks for. */
export function parseServerFacts(text: string): ServerFacts {
  const value = (name: string) => {
    const found = new RegExp(`^conclave_${name} (\\S+)$`, 'm').exec(text)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  return {
    load_ratio: value('load_ratio'),
    workers: value('workers'),
    rooms: value('rooms'),
    peers: value('peers'),
    producers: value('producers'),
    consumers: value('consumers'),
    worker_deaths: value('worker_deaths'),
  };
}
