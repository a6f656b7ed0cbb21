import type { HttpResponse, TemplatedApp } from 'uWebSockets.js';
import type { Log } from '../base/index.ts';
import { addDevTokenRoute } from './dev-token-route.ts';
import type { DevTokens } from './dev-tokens.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { StaticFiles } from './static-files.ts';

/** What is served over HTTP beside the WebSocket. */
export interface HttpOptions {
  /** The folder of the built page; `undefined` when only signaling is wanted. */
  readonly webRoot: string | undefined;
  readonly devTokens: DevTokens | undefined;
  readonly log: Log;
}

const NO_PAGE = 'Conclave is running without its page: build it (npm start does), or set CONCLAVE_WEB_ROOT.\n';

/** The page's files, for GET and HEAD; the development tokens; and a plain word for everything else. */
export function addHttpRoutes(app: TemplatedApp, { webRoot, devTokens, log }: HttpOptions): void {
  const files = webRoot === undefined ? undefined : StaticFiles.read(webRoot);
  if (devTokens) addDevTokenRoute(app, devTokens, log);

  app.get('/*', (response, request) => {
    const file = files?.find(request.getUrl());
    if (!file) return sendText(response, '404 Not Found', files ? 'There is nothing at this address.\n' : NO_PAGE);
    response.writeStatus('200 OK').writeHeader('Content-Type', file.contentType);
    response.writeHeader('Cache-Control', file.cacheControl);
    addSecurityHeaders(response).end(file.body);
  });
  app.head('/*', (response, request) => {
    const file = files?.find(request.getUrl());
    response.writeStatus(file ? '200 OK' : '404 Not Found');
    if (file) response.writeHeader('Content-Type', file.contentType).writeHeader('Cache-Control', file.cacheControl);
    addSecurityHeaders(response).endWithoutBody(file?.body.byteLength ?? 0);
  });
  app.any('/*', (response) => {
    response.writeStatus('405 Method Not Allowed').writeHeader('Allow', 'GET, HEAD');
    addSecurityHeaders(response).end('This address is only for reading.\n');
  });
}

function sendText(response: HttpResponse, status: string, text: string): void {
  response.writeStatus(status).writeHeader('Content-Type', 'text/plain; charset=utf-8');
  addSecurityHeaders(response).end(text);
}

function addSecurityHeaders(response: HttpResponse): HttpResponse {
  for (const [name, value] of SECURITY_HEADERS) response.writeHeader(name, value);
  return response;
}
