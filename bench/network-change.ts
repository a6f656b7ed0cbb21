/*
 * From a change of network to sound and pictures again: a real Chromium in a network of its own, whose address is taken away and
 * replaced in the middle of a call, so that the WebSocket and both media paths are dead and nobody is told. `moving` is that person,
 * `still` the other; `bound` and `unbound` tell whether Chromium bound its media sockets to the address (test/browser/network-change.ts).
 * As root, on Linux. Wanted: sound again at most 2 s after the change.
 */
import { measureNetworkChanges } from '../test/browser/network-change.ts';
import { benchOptions, percentile, report } from './report.ts';

const CHANGES = { quick: 3, full: 10 };

const options = benchOptions();
const changes = options.quick ? CHANGES.quick : CHANGES.full;
report('network-change', { changes, ...(await figures('unbound')), ...(await figures('bound')) }, options);

async function figures(how: 'bound' | 'unbound'): Promise<Record<string, number>> {
  const { standstills } = await measureNetworkChanges(changes, { bound: how === 'bound' });
  const of = (who: 0 | 1, what: 'soundMs' | 'pictureMs') => {
    const values = standstills.map((pair) => pair[who][what]);
    const name = `${how}_${who === 0 ? 'moving' : 'still'}_${what === 'soundMs' ? 'sound' : 'picture'}`;
    return { [`${name}_p50_ms`]: percentile(values, 0.5), [`${name}_max_ms`]: Math.max(...values) };
  };
  return { ...of(0, 'soundMs'), ...of(1, 'soundMs'), ...of(0, 'pictureMs'), ...of(1, 'pictureMs') };
}
