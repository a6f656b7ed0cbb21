import { join } from 'node:path';

/**
 * Builds TypeScript programs that are run and not shipped, each into one file of its own, and gives their paths. Packages stay in
 * node_modules. What is found by `import.meta.url` has to be as far from dist/<folder> as from its source: two folders below the root.
 *
 * @param {string} root
 * @param {string} folder - Of the sources below the root, and below dist/ of what is built.
 * @param {readonly string[]} names - Of sources, without `.ts`.
 */
export async function built(root, folder, names) {
  const { build } = await import('vite'); // not before its package is installed
  const outDir = join(root, 'dist', folder);
  for (const name of names) {
    await build({
      root,
      configFile: false,
      logLevel: 'warn',
      build: { ssr: join(root, folder, `${name}.ts`), outDir, emptyOutDir: false, target: 'node20' },
    });
  }
  return names.map((name) => join(outDir, `${name}.js`));
}
