/** What one endpoint received while it was measured. */
export interface EndpointArrivals {
  readonly id: number;
  /** Each packet once, whenever it was sent. */
  readonly received: number;
  readonly duplicates: number;
  /** Gaps in the sequence numbers. */
  readonly lost: number;
}

/** What all endpoints sent and received while it was measured, and what they cost. */
export interface Arrivals {
  readonly elapsedMs: number;
  /** CPU time of the native program. Near `elapsedMs`, it and not the server is what is slow. */
  readonly cpuMs: number;
  /** Streams that are sent, and those that are to be received. */
  readonly outgoingVideo: number;
  readonly outgoingAudio: number;
  readonly expectedVideo: number;
  readonly expectedAudio: number;
  /** Of those to be received, the ones that brought something. */
  readonly flowingVideo: number;
  readonly flowingAudio: number;
  readonly sentVideo: number;
  readonly sentAudio: number;
  /** Packets of expected streams, each once, of those that were sent while it was measured. */
  readonly receivedVideo: number;
  readonly receivedAudio: number;
  /** Packets of the streams that are expected now, each once, since they are: measured or not. */
  readonly receivedEver: number;
  readonly duplicates: number;
  /** On RTX streams. */
  readonly retransmitted: number;
  /** Of streams that nobody expects: probes for bandwidth. */
  readonly others: number;
  /** Without the sender's stamp where it should be: decrypted with a wrong key, or no packet of ours. */
  readonly unreadable: number;
  /** Packets that were opened whole, one of 64, and how many of them were not authentic. */
  readonly opened: number;
  readonly refused: number;
  readonly refusedRtcp: number;
  readonly keyFrames: number;
  readonly keyFrameRequests: number;
  /** Packets that asked for something again; the endpoints do not send it. */
  readonly nacks: number;
  readonly feedbacks: number;
  readonly reports: number;
  /** Datagrams that the kernel did not take. */
  readonly unsent: number;
  /** From before a packet was sealed until the receiver had it. */
  readonly delayP50Ms: number;
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
  /** Of these the first packets of the frames of videos, the last ones, and the packets of voices; 0 where there are none. */
  readonly firstP50Ms: number;
  readonly firstP95Ms: number;
  readonly lastP50Ms: number;
  readonly lastP95Ms: number;
  readonly voiceP50Ms: number;
  readonly voiceP95Ms: number;
  /** How much later than planned frames were sent. */
  readonly lateP50Ms: number;
  readonly lateP99Ms: number;
  readonly lateMaxMs: number;
  readonly endpoints: readonly EndpointArrivals[];
}
