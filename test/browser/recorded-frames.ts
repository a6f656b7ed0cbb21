import type { Page } from 'puppeteer-core';

/** Every WebSocket frame of a page, both ways, as the server and anybody on the way to it has them. */
export interface RecordedFrames {
  readonly sent: readonly Buffer[];
  readonly received: readonly Buffer[];
}

/** To be called before the page opens its socket. */
export async function recordFrames(page: Page): Promise<RecordedFrames> {
  const sent: Buffer[] = [];
  const received: Buffer[] = [];
  const session = await page.createCDPSession();
  session.on('Network.webSocketFrameSent', ({ response }) => sent.push(bytesOf(response)));
  session.on('Network.webSocketFrameReceived', ({ response }) => received.push(bytesOf(response)));
  await session.send('Network.enable');
  return { sent, received };
}

/** Opcode 2 is binary, which the protocol carries as base64 (RFC 6455, section 5.2). */
function bytesOf({ opcode, payloadData }: { readonly opcode: number; readonly payloadData: string }): Buffer {
  return Buffer.from(payloadData, opcode === 2 ? 'base64' : 'utf8');
}
