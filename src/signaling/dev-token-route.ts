import type { HttpResponse, TemplatedApp } from 'uWebSockets.js';
import * as z from 'zod/mini';
import type { Log } from '../base/index.ts';
import { deviceIdField, roomIdField, userIdField } from '../wire/index.ts';
import type { DevTokens } from './dev-tokens.ts';

/** A room id and the JSON around it. */
const MAX_BODY_BYTES = 1024;

const tokenRequest = z.object({
  room: roomIdField,
  user: z.optional(userIdField),
  device: z.optional(deviceIdField),
  role: z.optional(z.enum(['speaker', 'listener'])),
  moderator: z.optional(z.boolean()),
});

/**
 * `POST /dev/tokens` with `{ "room": "…" }` answers `{ "token": "…" }`. `user` and `device` are for somebody who comes again, `role` for
 * a listener, `moderator: false` for who may neither remove anybody nor lock the room.
 */
export function addDevTokenRoute(app: TemplatedApp, devTokens: DevTokens, log: Log): void {
  app.post('/dev/tokens', (response) => {
    const connection = { open: true };
    const reply = (status: string, contentType: string, body: string) => {
      if (!connection.open) return; // aborted, or replied before: uWebSockets.js throws when it is touched
      connection.open = false;
      response.cork(() => {
        response.writeStatus(status).writeHeader('Content-Type', contentType).writeHeader('Cache-Control', 'no-store');
        response.end(body);
      });
    };
    response.onAborted(() => {
      connection.open = false;
    });
    readBody(response, async (body) => {
      const wanted = body === undefined ? undefined : parseRequest(body);
      if (body === undefined) reply('413 Payload Too Large', 'text/plain', `At most ${MAX_BODY_BYTES} bytes.\n`);
      else if (wanted === undefined) reply('400 Bad Request', 'text/plain', 'Wanted: {"room": "a URL-safe id"}.\n');
      else {
        try {
          reply('200 OK', 'application/json', JSON.stringify({ token: await devTokens.sign(wanted.room, wanted) }));
        } catch (error) {
          log.error('development token failed', { error });
          reply('500 Internal Server Error', 'text/plain', 'No token could be signed.\n');
        }
      }
    });
  });
}

/** Calls `done` once, with `undefined` as soon as the body is longer than it may be. */
function readBody(response: HttpResponse, done: (body: Uint8Array | undefined) => void): void {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  response.onData((chunk, isLast) => {
    if (sizeBytes > MAX_BODY_BYTES) return;
    sizeBytes += chunk.byteLength;
    if (sizeBytes > MAX_BODY_BYTES) {
      done(undefined);
      return;
    }
    chunks.push(Uint8Array.from(new Uint8Array(chunk))); // the chunk is taken away after this call
    if (isLast) done(Buffer.concat(chunks));
  });
}

function parseRequest(body: Uint8Array) {
  try {
    const outcome = tokenRequest.safeParse(JSON.parse(new TextDecoder().decode(body)));
    return outcome.success ? outcome.data : undefined;
  } catch {
    return undefined; // not JSON: the caller says what is wanted
  }
}
