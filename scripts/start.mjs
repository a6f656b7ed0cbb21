// `npm start`: sets up what is missing, then becomes the server.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare } from './setup/prepare.mjs';
import { reportAndExit } from './setup/report.mjs';

const root = join(import.meta.dirname, '..');
const server = join(root, 'dist', 'server', 'main.js');

await prepare(root, process.env).catch(reportAndExit);

// In this very process, so that arguments, signals and the exit code need no forwarding.
process.argv[1] = server;
await import(pathToFileURL(server).href);
