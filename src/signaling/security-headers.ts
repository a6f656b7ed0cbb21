/** What the page may load and do: its own files, workers from its own code, sockets to its server, and cameras. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'", // WebAssembly of our own, for noise suppression; no eval of text
  "worker-src 'self' blob:",
  "connect-src 'self' ws: wss:", // 'self' covers no WebSocket in Safari before 15.4
  "media-src 'self' blob:",
  "img-src 'self' data: blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'", // nobody frames a page that has a camera
].join('; ');

/** Sent with every page and file. */
export const SECURITY_HEADERS: readonly (readonly [name: string, value: string])[] = [
  ['Content-Security-Policy', CONTENT_SECURITY_POLICY],
  ['Permissions-Policy', 'camera=(self), microphone=(self), display-capture=(self)'],
  ['Referrer-Policy', 'no-referrer'], // a link to a call lets people in
  ['X-Content-Type-Options', 'nosniff'],
];
