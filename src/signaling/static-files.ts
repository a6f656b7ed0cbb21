import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

/** A response that does not change while the server runs. */
export interface StaticFile {
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly cacheControl: string;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};

/** The build puts a hash of the content into these files' names, so that they may be kept for a year. */
const HASHED_FOLDER = '/assets/';

/** The built page, held in memory. A path that is not a key of it does not exist: nothing is looked up on disk later. */
export class StaticFiles {
  readonly #files: ReadonlyMap<string, StaticFile>;

  private constructor(files: ReadonlyMap<string, StaticFile>) {
    this.#files = files;
  }

  /** Reads every file under `root`. Throws when it cannot. */
  static read(root: string): StaticFiles {
    const files = new Map<string, StaticFile>();
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      const path = `/${relative(root, file).split(sep).join('/')}`;
      files.set(path, {
        body: readFileSync(file),
        contentType: CONTENT_TYPES[extname(file)] ?? 'application/octet-stream',
        cacheControl: path.startsWith(HASHED_FOLDER) ? 'public, max-age=31536000, immutable' : 'no-cache',
      });
    }
    return new StaticFiles(files);
  }

  /** What a URL's path shows: every invite link is the one page, which reads the rest of the link itself. */
  find(path: string): StaticFile | undefined {
    const isPage = path === '/' || /^\/call\/[^/]+$/.test(path);
    return this.#files.get(isPage ? '/index.html' : path);
  }
}
