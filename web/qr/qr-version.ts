/** One size of symbol, with error correction M (ISO/IEC 18004, table 9 and annex E). */
export interface QrVersion {
  /** From 1. */
  readonly version: number;
  /** Modules on each side. */
  readonly size: number;
  /** Codewords of correction in each block. */
  readonly correction: number;
  /** Codewords of data in each block. */
  readonly blocks: readonly number[];
  /** Rows and columns of the alignment patterns. */
  readonly centres: readonly number[];
}

/** Up to 180 bytes: any invite link. Larger symbols have longer counts, and phones read them with less ease. */
const ROWS: readonly Pick<QrVersion, 'correction' | 'blocks' | 'centres'>[] = [
  { correction: 10, blocks: [16], centres: [] },
  { correction: 16, blocks: [28], centres: [6, 18] },
  { correction: 26, blocks: [44], centres: [6, 22] },
  { correction: 18, blocks: [32, 32], centres: [6, 26] },
  { correction: 24, blocks: [43, 43], centres: [6, 30] },
  { correction: 16, blocks: [27, 27, 27, 27], centres: [6, 34] },
  { correction: 18, blocks: [31, 31, 31, 31], centres: [6, 22, 38] },
  { correction: 22, blocks: [38, 38, 39, 39], centres: [6, 24, 42] },
  { correction: 22, blocks: [36, 36, 36, 37, 37], centres: [6, 26, 46] },
];

const VERSIONS: readonly QrVersion[] = ROWS.map((row, at) => ({ ...row, version: at + 1, size: 21 + 4 * at }));

/** The smallest that holds so many bits; nothing where none does. */
export const versionFor = (bits: number): QrVersion | undefined => VERSIONS.find((each) => 8 * dataBytes(each) >= bits);

export const dataBytes = ({ blocks }: QrVersion): number => blocks.reduce((sum, block) => sum + block, 0);
