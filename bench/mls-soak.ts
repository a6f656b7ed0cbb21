/*
 * The random simulation of the group, seed after seed: `npm run soak`. It ends with the first seed that shows a fork,
 * a failed join or a removed member with the next secret; that seed belongs into test/crypto/mls/simulation.test.ts.
 */
import { simulate } from '../test/crypto/mls/simulation.ts';
import { benchOptions, report } from './report.ts';

const SEEDS = { quick: 5, full: 50 };
const OPERATIONS = 60;

const options = benchOptions();
const seeds = options.quick ? SEEDS.quick : SEEDS.full;
const sums: Record<string, number> = {};
for (let seed = 1; seed <= seeds; seed += 1) {
  const figures = await simulate(seed, OPERATIONS).catch((error) => {
    throw new Error(`seed ${seed}`, { cause: error });
  });
  for (const [key, value] of Object.entries(figures)) sums[key] = (sums[key] ?? 0) + value;
}
report('mls-soak', { seeds, operations_per_seed: OPERATIONS, ...sums }, options);
