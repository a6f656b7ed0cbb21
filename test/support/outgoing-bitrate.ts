/*
 * How mediasoup's worker shares a transport's estimate out among its consumers: Transport::DistributeAvailableOutgoingBitrate and
 * SimulcastProducerStreamManager::IncreaseLayer of 3.27.1, without what they do over time.
 */

export interface Receiver {
  /** In layer steps. */
  readonly priority: number;
  /** What each layer up to the preferred one costs in all, lowest first, in bit/s. */
  readonly ladder: readonly number[];
}

/** How many layers each receives. */
export function shareOut(receivers: readonly Receiver[], availableBps: number): number[] {
  const layers = receivers.map(() => 0);
  const order = [...receivers.keys()].sort((a, b) => priorityOf(receivers, b) - priorityOf(receivers, a));
  let restBps = availableBps;
  for (let round = 0; restBps > 0; round += 1) {
    const beforeBps = restBps;
    for (const index of order) {
      const steps = round === 0 ? 1 : priorityOf(receivers, index);
      for (let step = 0; step < steps; step += 1) {
        const ladder = receivers[index]?.ladder ?? [];
        const layer = layers[index] ?? 0;
        const costBps = (ladder[layer] ?? Number.POSITIVE_INFINITY) - (ladder[layer - 1] ?? 0);
        if (costBps > restBps) break;
        layers[index] = layer + 1;
        restBps -= costBps;
      }
    }
    if (restBps === beforeBps) break;
  }
  return layers;
}

const priorityOf = (receivers: readonly Receiver[], index: number) => receivers[index]?.priority ?? 0;
