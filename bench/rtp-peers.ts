import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A stream as its packets are sent: all of a frame at once, as an encoder does. */
export interface Stream {
  readonly ssrc: number;
  readonly payloadType: number;
  readonly framesPerSecond: number;
  readonly packetsPerFrame: number;
  readonly payloadBytes: number;
}

/** What came in while it was measured. */
export interface Arrivals {
  readonly sent: number;
  readonly received: number;
  readonly delay_p50_ms: number;
  readonly delay_p99_ms: number;
  /** Share of a core that the sender and the receivers used: near 1, they and not the worker are what is slow. */
  readonly peers_cpu_share: number;
}

export type Command =
  | { readonly kind: 'begin'; readonly port: number; readonly streams: readonly Stream[] }
  | { readonly kind: 'measure' | 'report' };

/** Receivers share so many sockets: each has a buffer of its own, and none is read for so long that another overflows. */
const SOCKETS = 16;
const SOCKET_BUFFER_BYTES = 8 * 1024 * 1024;

const VIDEO_CLOCK_PER_MS = 90;
const RTP_HEADER_BYTES = 12;

/** Every frame says that it begins and is a key frame (RFC 7741, section 4.2; RFC 6386, section 9.1): a receiver may start at any. */
const VP8_BEGINS = 0x10;
const VP8_KEY_FRAME = 0x00;
/** Delays are counted in steps of this. */
const STEP_MS = 0.1;

/** Sends streams and receives all that comes, in a process of its own, as the parent says. */
export function runRtpPeers(): void {
  const peers = new RtpPeers();
  process.on('message', (command: Command) => peers.obey(command));
  process.once('disconnect', () => process.exit());
}

class RtpPeers {
  readonly #delays: number[] = [];
  #sent = 0;
  #received = 0;
  #beganMs = 0;
  #beganCpu = process.cpuUsage();

  constructor() {
    void this.#listen();
  }

  obey(command: Command): void {
    if (command.kind === 'begin') this.#begin(command.port, command.streams);
    else if (command.kind === 'measure') this.#reset();
    else process.send?.(this.#arrivals());
  }

  async #listen(): Promise<void> {
    const sockets = Array.from({ length: SOCKETS }, () =>
      createSocket({ type: 'udp4', recvBufferSize: SOCKET_BUFFER_BYTES }),
    );
    for (const socket of sockets) {
      socket.on('message', (packet) => this.#arrived(packet));
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
    }
    process.send?.({ ports: sockets.map((socket) => socket.address().port) });
  }

  /** Each stream begins at another moment, as people do. */
  #begin(port: number, streams: readonly Stream[]): void {
    const socket = createSocket('udp4');
    const startMs = performance.now();
    const sending = streams.map((stream, at) => ({ stream, phase: at / streams.length, frames: 0, sequence: 0 }));
    setInterval(() => {
      const seconds = (performance.now() - startMs) / 1000;
      for (const each of sending) {
        // Late timers catch up, so that the rate is what it says.
        const due = Math.floor(seconds * each.stream.framesPerSecond + each.phase);
        for (; each.frames < due; each.frames += 1)
          each.sequence = this.#sendFrame(socket, port, each.stream, each.sequence);
      }
    }, 1);
  }

  /** The answer is the sequence number of the packet after them. */
  #sendFrame(socket: Socket, port: number, stream: Stream, sequence: number): number {
    const { ssrc, payloadType, packetsPerFrame, payloadBytes } = stream;
    for (let at = 0; at < packetsPerFrame; at += 1) {
      const packet = Buffer.alloc(RTP_HEADER_BYTES + payloadBytes);
      packet[0] = 0x80;
      packet[1] = payloadType | (at === packetsPerFrame - 1 ? 0x80 : 0);
      packet.writeUInt16BE((sequence + at) & 0xffff, 2);
      packet.writeUInt32BE(clock(), 4); // when it was sent: it passes unchanged, where the receiver can read it
      packet.writeUInt32BE(ssrc, 8);
      packet[RTP_HEADER_BYTES] = at === 0 ? VP8_BEGINS : 0;
      packet[RTP_HEADER_BYTES + 1] = VP8_KEY_FRAME;
      this.#sent += 1;
      socket.send(packet, port, '127.0.0.1');
    }
    return sequence + packetsPerFrame;
  }

  #arrived(packet: Buffer): void {
    const second = packet[1] ?? 0;
    if ((second & 0x7f) >= 64 && (second & 0x7f) < 96) return; // RTCP (RFC 5761, section 4)
    this.#received += 1;
    const delayMs = ((clock() - packet.readUInt32BE(4)) >>> 0) / VIDEO_CLOCK_PER_MS;
    const step = Math.round(delayMs / STEP_MS);
    this.#delays[step] = (this.#delays[step] ?? 0) + 1;
  }

  #reset(): void {
    this.#delays.length = 0;
    this.#sent = 0;
    this.#received = 0;
    this.#beganMs = performance.now();
    this.#beganCpu = process.cpuUsage();
  }

  #arrivals(): Arrivals {
    const { user, system } = process.cpuUsage(this.#beganCpu);
    const elapsedMs = performance.now() - this.#beganMs;
    return {
      sent: this.#sent,
      received: this.#received,
      delay_p50_ms: this.#delayMs(0.5),
      delay_p99_ms: this.#delayMs(0.99),
      peers_cpu_share: Math.round((user + system) / elapsedMs) / 1000,
    };
  }

  #delayMs(share: number): number {
    let seen = 0;
    for (const [step, count = 0] of this.#delays.entries()) {
      seen += count;
      if (seen >= share * this.#received) return Math.round(step * STEP_MS * 10) / 10;
    }
    return Number.NaN;
  }
}

/** Milliseconds in RTP's clock of video, as far as its 32 bits reach. */
function clock(): number {
  return Math.floor(performance.now() * VIDEO_CLOCK_PER_MS) >>> 0;
}
