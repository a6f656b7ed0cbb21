import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { leftOut } from './scripts/build/left-out.mjs';

/** Files that are loaded by their address: Vite would put them into a library's text. Made by another entry where there is nothing to copy. */
const BESIDE = [
  { from: './worker.ts', file: 'worker.js', copied: false },
  { from: '@sapphi-red/web-noise-suppressor/rnnoiseWorklet.js', file: 'rnnoise-worklet.js', copied: true },
  { from: '@sapphi-red/web-noise-suppressor/rnnoise.wasm', file: 'rnnoise.wasm', copied: true },
  { from: '@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm', file: 'rnnoise-simd.wasm', copied: true },
] as const;

/** Each is named in the form in which every bundler looks for one, `new URL('./worker.js', import.meta.url)`, behind Vite's back. */
function beside(): Plugin {
  const nameOf = (file: string) => `CONCLAVE_BESIDE_${file.replaceAll(/\W/g, '_')}`;
  return {
    name: 'conclave-beside',
    enforce: 'pre',
    buildStart() {
      for (const { from, file, copied } of BESIDE)
        if (copied)
          this.emitFile({
            type: 'asset',
            fileName: file,
            source: readFileSync(fileURLToPath(import.meta.resolve(from))),
          });
    },
    transform(code, id) {
      if (!id.includes('/src/client/')) return undefined;
      return {
        code: BESIDE.reduce((text, { from, file }) => text.replace(`'${from}'`, nameOf(file)), code),
        map: null,
      };
    },
    renderChunk: (code) => ({
      code: BESIDE.reduce((text, { file }) => text.replace(nameOf(file), `'./${file}'`), code),
      map: null,
    }),
  };
}

/** The SDK as the package's `conclave/client`: dist/client, with all that it needs inside. Not minified: whoever bundles it does that. */
export default defineConfig({
  publicDir: false,
  plugins: [leftOut(), beside()],
  build: {
    outDir: 'dist/client',
    target: 'es2022',
    minify: false,
    lib: {
      entry: { index: 'src/client/index.ts', worker: 'src/client/e2ee/worker.ts' },
      formats: ['es'],
    },
    rolldownOptions: { output: { chunkFileNames: '[name].js' } },
  },
});
