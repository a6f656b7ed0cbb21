import { defineConfig } from 'vite';

/** The server as one file, dist/server/main.js; packages stay in node_modules, where native ones must be. */
export default defineConfig({
  build: {
    ssr: 'src/main.ts',
    outDir: 'dist/server',
    target: 'node20',
    sourcemap: true,
  },
});
