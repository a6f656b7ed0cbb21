import { defineConfig } from 'vite';
import { leftOut } from './scripts/build/left-out.mjs';

/** The call page. The server serves `dist/web` at `/` and `/call/*`. */
export default defineConfig({
  root: 'web',
  plugins: [leftOut()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { outDir: '../dist/web', emptyOutDir: true, target: 'es2022', sourcemap: true },
  worker: { format: 'es', plugins: () => [leftOut()] },
});
