import { describe, expect, test } from 'vitest';
import { saturationOf } from '../../load/saturation.ts';
import { tick } from './measured.ts';

const seconds = (...each: Parameters<typeof tick>[2][]) => each.map((strain, at) => tick(at, [], strain));

describe('a generator', () => {
  test('that has room tells of the server', () => {
    expect(saturationOf(seconds({ generatorCpu: 0.84, machineCpu: 0.94, busiestBots: 0.89, loopDelayMs: 99 }))).toEqual(
      [],
    );
    expect(saturationOf([])).toEqual([]);
  });

  test.each([
    [{ generatorCpu: 0.86 }, 'The participants used 86 % of this machine.'],
    [{ machineCpu: 0.97, generatorCpu: 0.4 }, 'This machine was 97 % busy, 40 % by the participants.'],
    [{ busiestBots: 0.95 }, 'A process of bots used 95 % of its one core.'],
    [{ loopDelayMs: 250 }, 'Bots were up to 250 ms late with what they had received.'],
  ])('%j is saturated', (strain, reason) => expect(saturationOf(seconds(strain))).toEqual([reason]));

  test('may be full for a second among calm ones', () => {
    expect(saturationOf(seconds({ generatorCpu: 1 }, { generatorCpu: 0.5 }, { generatorCpu: 0.5 }))).toEqual([]);
  });
});
