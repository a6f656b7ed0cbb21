import { expect, test } from 'vitest';
import { lineEndOf } from '../../src/signaling/uws-socket.ts';

/** As uWebSockets.js 20.51 reports them. */
test.each([
  [1000, '', 'left'],
  [1001, '', 'left'],
  [1005, '', 'left'],
  [4000, 'abandoned', 'lost'],
  [1006, '', 'lost'],
  [1006, 'Received TCP FIN before WebSocket close frame', 'lost'],
  [1006, 'WebSocket timed out from inactivity', 'lost'],
  [1006, 'Received too big message', 'left'],
  [1006, 'Received invalid UTF-8', 'left'],
])('a close handler that is told %i "%s": the client %s', (code, message, expected) => {
  expect(lineEndOf(code, new TextEncoder().encode(message).buffer)).toBe(expected);
});
