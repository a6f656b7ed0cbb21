import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { hashOf } from '../../scripts/setup/stamp.mjs';

/** The same place from here and from the built benches. */
const SOURCES = fileURLToPath(new URL('../../bench/native', import.meta.url));
const BUILT = fileURLToPath(new URL('../../dist/native', import.meta.url));

const FLAGS = ['-std=c++20', '-O2', '-Wall', '-Wextra', '-Werror'];
const LIBRARIES = ['-lcrypto'];

export type NativeProgram = 'rtp-endpoints' | 'limit';

/** Where the program is, built from bench/native unless it was before. @throws when g++ or OpenSSL's headers are absent. */
export async function nativeProgram(name: NativeProgram): Promise<string> {
  const sources = readdirSync(SOURCES).sort();
  const parts = [...FLAGS, ...sources.flatMap((source) => [source, readFileSync(join(SOURCES, source))])];
  const program = join(BUILT, `${name}-${hashOf(parts)}`);
  if (existsSync(program)) return program;
  mkdirSync(BUILT, { recursive: true });
  const unfinished = `${program}.${process.pid}`; // put in place at once, so that nobody runs half of it
  await promisify(execFile)('g++', [...FLAGS, join(SOURCES, `${name}.cpp`), '-o', unfinished, ...LIBRARIES]);
  renameSync(unfinished, program);
  return program;
}

/** Why it cannot be built here, as a line for people; `undefined` when it can. */
export async function whyNoNativeProgram(name: NativeProgram): Promise<string | undefined> {
  try {
    await nativeProgram(name);
    return undefined;
  } catch (error) {
    return `cannot build ${name} (apt install g++ libssl-dev): ${error instanceof Error ? error.message : error}`;
  }
}
