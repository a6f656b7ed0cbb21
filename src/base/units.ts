import type { Brand } from './ids.ts';

/** Bits per second. */
export type Bps = Brand<number, 'Bps'>;

export const kbps = (value: number): Bps => (value * 1000) as Bps;
