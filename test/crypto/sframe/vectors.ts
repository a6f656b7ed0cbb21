import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the working groups' test vectors are, when they are here. */
const FOLDER = process.env.CONCLAVE_VECTORS ?? join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'vectors');

export interface HeaderVector {
  /** Quoted before parsing: JSON has no 64-bit integers. */
  readonly kid: string;
  readonly ctr: string;
  readonly encoded: string;
}

export interface SuiteVector {
  readonly cipher_suite: number;
  readonly kid: string;
  readonly ctr: string;
  readonly base_key: string;
  readonly sframe_key_label: string;
  readonly sframe_salt_label: string;
  readonly sframe_key: string;
  readonly sframe_salt: string;
  readonly metadata: string;
  readonly nonce: string;
  readonly aad: string;
  readonly pt: string;
  readonly ct: string;
}

interface Vectors {
  readonly header: readonly HeaderVector[];
  readonly sframe: readonly SuiteVector[];
}

/** Of github.com/sframe-wg/sframe; `undefined` when the folder is absent. */
export function sframeVectors(): Vectors | undefined {
  const folder = join(FOLDER, 'sframe');
  if (!existsSync(folder)) return undefined;
  const { header, sframe } = read(join(folder, 'test-vectors.json'));
  const { sframe_aes_256_ctr_hmac } = read(join(folder, 'test-vectors-aes256.json'));
  return { header, sframe: [...sframe, ...sframe_aes_256_ctr_hmac] };
}

function read(file: string) {
  return JSON.parse(readFileSync(file, 'utf8').replaceAll(/"(kid|ctr)":\s*(\d+)/g, '"$1": "$2"'));
}
