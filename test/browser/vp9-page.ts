import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

const ROOT = join(import.meta.dirname, '..', '..');
const VP8_CAMERA = /camera: \{ codec: 'vp8', encodings: CAMERA_LAYERS,/;
const VP9_CAMERA = "camera: { codec: 'vp9', encodings: [{ scalabilityMode: 'L3T3_KEY', maxBitrate: 1_500_000 }],";

/** The page with one line changed: cameras are VP9 in one stream of three layers. The answer is its folder. */
export async function buildVp9Page(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'conclave-vp9-'));
  let changed = false;
  await build({
    root: join(ROOT, 'web'),
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, sourcemap: false },
    plugins: [
      {
        name: 'vp9-camera',
        enforce: 'pre',
        transform(code, id) {
          if (!id.endsWith('src/client/encodings.ts')) return undefined;
          changed = VP8_CAMERA.test(code);
          return code.replace(VP8_CAMERA, VP9_CAMERA);
        },
      },
    ],
  });
  if (!changed) throw new Error('the line of the camera is another one now');
  return outDir;
}
