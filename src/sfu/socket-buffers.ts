/**
 * Of a UDP socket that many share, for TransportListenInfo: the usual 208 KiB are full in tens of milliseconds when a worker waits for the
 * CPU. Linux gives less where `net.core.rmem_max` and `wmem_max` say so. Higher keeps older packets, lower loses more at each hiccup.
 */
export const SHARED_SOCKET_BUFFERS = {
  recvBufferSize: 4 * 1024 * 1024,
  sendBufferSize: 4 * 1024 * 1024,
} as const;
