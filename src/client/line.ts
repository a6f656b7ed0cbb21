/** A path whose inbound packets pause for longer than this does not flow steadily: sound in a quiet room comes every 400 ms. */
const STEADY_GAP_MS = 500;

/** For so long it has to flow before its silence means anything. */
const STEADY_MS = 2_000;

/**
 * Steady paths that are all silent for so long are suspicious. Thirty packets of sound in a row are no loss of 5 %. Lower suspects every
 * hiccup of a mobile line, higher makes a change of network heard for longer.
 */
const SILENT_MS = 600;

/** Silent for so long while the socket answers: the media alone lost its way, as behind a NAT that forgot it. */
const LOST_MS = 1_300;

/** A socket that was lost so long before the silence, or later, was lost to the same change of network. */
const SAME_CHANGE_MS = 2_000;

/** What comes in over one path. */
interface Flow {
  readonly receivedBytes: number;
  readonly sinceMs: number;
  readonly lastMs: number;
}

/**
 * Both paths and the socket together, in which a change of network shows before anything says so.
 *
 *     flowing --all steady paths silent--> silent --lost--> restarted
 *        ^------------- anything came --------'---------------'
 */
export interface Line {
  readonly kind: 'flowing' | 'silent' | 'restarted';
  readonly flows: readonly Flow[];
}

export interface LineSample {
  readonly atMs: number;
  /** Of each path since it was set up. */
  readonly receivedBytes: readonly number[];
  readonly socketIsUp: boolean;
  /** When a socket was last lost; `undefined`: never. */
  readonly socketLostAtMs: number | undefined;
}

export const NEW_LINE: Line = { kind: 'flowing', flows: [] };

/** Enters `silent` once a silence: the socket is to be asked whether it lives. Enters `restarted` once: ICE is to be restarted. */
export function nextLine(line: Line, { atMs, receivedBytes, socketIsUp, socketLostAtMs }: LineSample): Line {
  const flows = receivedBytes.map((bytes, index) => nextFlow(line.flows[index], bytes, atMs));
  const lastMs = Math.max(...flows.map((flow) => flow.lastMs));
  const isSteady = (flow: Flow) => flow.lastMs - flow.sinceMs >= STEADY_MS && lastMs - flow.lastMs <= STEADY_GAP_MS;
  const steady = flows.filter(isSteady); // one that ended before the others had its own reasons
  const silentMs = atMs - lastMs;
  if (silentMs < SILENT_MS || (line.kind === 'flowing' && steady.length === 0)) return { kind: 'flowing', flows };
  if (line.kind === 'restarted') return { kind: 'restarted', flows };
  const socketWentToo = socketLostAtMs !== undefined && socketLostAtMs > lastMs - SAME_CHANGE_MS;
  const bothWentStill = steady.length > 1 && silentMs >= LOST_MS; // of one alone the other side may have nothing to say
  const isLost = line.kind === 'silent' && socketIsUp && (socketWentToo || bothWentStill);
  return { kind: isLost ? 'restarted' : 'silent', flows };
}

function nextFlow(flow: Flow | undefined, receivedBytes: number, atMs: number): Flow {
  if (!flow) return { receivedBytes, sinceMs: atMs, lastMs: atMs };
  if (flow.receivedBytes === receivedBytes) return flow; // what is less comes over another path in its place
  const pauseMs = atMs - flow.lastMs;
  return { receivedBytes, sinceMs: pauseMs > STEADY_GAP_MS ? atMs : flow.sinceMs, lastMs: atMs };
}
