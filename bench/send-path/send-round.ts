import type { Arrivals } from '../endpoints/arrivals.ts';
import type { ForwardingRound } from '../forwarding/forwarding-round.ts';

/** Delays of one turn, from when the sender sent the packet until a receiver had read it. */
export interface FrameDelays {
  /** The first packet of each frame, and its last. */
  readonly first_p50_ms: number;
  readonly first_p95_ms: number;
  readonly last_p50_ms: number;
  readonly last_p95_ms: number;
  /** The packets of voices; 0 where nobody speaks. */
  readonly audio_p50_ms: number;
  readonly audio_p95_ms: number;
}

/** What one worker did in its turn of a case. */
export interface SendRound extends ForwardingRound, FrameDelays {
  readonly case: string;
  /** That were sent to the server. */
  readonly sent: number;
}

export function sendRoundOf(name: string, round: ForwardingRound, arrivals: Arrivals): SendRound {
  return {
    case: name,
    ...round,
    sent: arrivals.sentVideo + arrivals.sentAudio,
    first_p50_ms: arrivals.firstP50Ms,
    first_p95_ms: arrivals.firstP95Ms,
    last_p50_ms: arrivals.lastP50Ms,
    last_p95_ms: arrivals.lastP95Ms,
    audio_p50_ms: arrivals.voiceP50Ms,
    audio_p95_ms: arrivals.voiceP95Ms,
  };
}
