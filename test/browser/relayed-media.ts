import type { Page } from 'puppeteer-core';
import type { UdpRelay } from '../support/udp-relay.ts';

declare global {
  interface Window {
    relayPortFor(serverPort: number): Promise<number>;
  }
}

/** Before the page opens the link: its media goes through the relay, and nowhere else. */
export async function relayMedia(page: Page, relay: UdpRelay): Promise<void> {
  await page.exposeFunction('relayPortFor', (serverPort: number) => relay.portFor(serverPort));
  await page.evaluateOnNewDocument(goThroughRelay);
}

/** Runs in the page before its code: the browser learns the server's candidates from remote descriptions. */
function goThroughRelay(): void {
  const { prototype } = RTCPeerConnection;
  const set: (this: RTCPeerConnection, description: RTCSessionDescriptionInit) => Promise<void> =
    prototype.setRemoteDescription;
  prototype.setRemoteDescription = async function (description: RTCSessionDescriptionInit) {
    const lines: string[] = [];
    for (const line of description.sdp?.split('\r\n') ?? []) {
      const [, head, port, tail] = /^(a=candidate:\S+ \d+ udp \d+ \S+ )(\d+)( .*)$/i.exec(line) ?? [];
      if (head && port && tail) lines.push(`${head}${await window.relayPortFor(Number(port))}${tail}`);
      else if (!/^a=candidate:\S+ \d+ tcp /i.test(line)) lines.push(line); // TCP would go around
    }
    await set.call(this, { type: description.type, sdp: lines.join('\r\n') });
  };
}
