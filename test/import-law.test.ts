import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** Who may import whom. Lower rooms never know higher ones; no server room can name crypto. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: [],
  wire: ['base'],
  crypto: ['base'],
  sfu: ['base'],
  ops: ['base'],
  signaling: ['base', 'wire', 'sfu', 'ops'],
  client: ['base', 'wire', 'crypto'],
  web: ['client'],
  'main.ts': ['base', 'config.ts', 'banner.ts', 'machine.ts', 'sfu', 'signaling', 'ops'],
  'config.ts': ['machine.ts'],
  'machine.ts': [],
  'banner.ts': [],
};

/** Packages that one room owns. */
const HOME: Readonly<Record<string, string>> = {
  mediasoup: 'sfu',
  'uWebSockets.js': 'signaling',
  jose: 'signaling',
  pino: 'ops',
  'prom-client': 'ops',
  'mediasoup-client': 'client',
  'ts-mls': 'crypto',
  preact: 'web',
};

interface Import {
  readonly file: string;
  readonly room: string;
  readonly specifier: string;
}

/** `src/sfu/room.ts` is in sfu, `web/app.tsx` in web, `src/main.ts` in itself. */
function roomOf(path: string): string {
  const [top = '', second = ''] = relative(ROOT, path).split(sep);
  return top === 'web' ? 'web' : second;
}

function sources(top: 'src' | 'web'): string[] {
  return readdirSync(join(ROOT, top), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.split(sep).includes('gen'))
    .map((path) => join(ROOT, top, path));
}

function imports(): Import[] {
  const files = [...sources('src'), ...sources('web')];
  return files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const specifiers = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g)].map(
      (match) => match[1] ?? '',
    );
    return specifiers.map((specifier) => ({ file, room: roomOf(file), specifier }));
  });
}

describe('the import law', () => {
  const all = imports();
  const between = all
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map((each) => ({ ...each, target: join(dirname(each.file), each.specifier) }))
    .filter(({ room, target }) => roomOf(target) !== room);
  const show = ({ file, specifier }: Import) => `${relative(ROOT, file)} -> ${specifier}`;

  test('every room has its line in the law', () => {
    expect([...new Set(all.map(({ room }) => room))].filter((room) => !(room in MAY_IMPORT))).toEqual([]);
  });

  test('rooms import lower rooms only', () => {
    const breaks = between.filter(({ room, target }) => !MAY_IMPORT[room]?.includes(roomOf(target)));
    expect(breaks.map(show)).toEqual([]);
  });

  test("rooms import another room's index, not its files", () => {
    const breaks = between.filter(({ target }) => !roomOf(target).endsWith('.ts') && !target.endsWith('index.ts'));
    expect(breaks.map(show)).toEqual([]);
  });

  test('each native or heavy package is imported by its own room', () => {
    const breaks = all.filter(({ room, specifier }) => {
      const home = HOME[specifier.split('/')[0] ?? ''];
      return home !== undefined && home !== room;
    });
    expect(breaks.map(show)).toEqual([]);
  });

  test('the environment is read in one place: main hands it to config', () => {
    const readers = sources('src').filter((path) => readFileSync(path, 'utf8').includes('process.env'));
    expect(readers.map((path) => relative(ROOT, path))).toEqual([join('src', 'main.ts')]);
  });
});
