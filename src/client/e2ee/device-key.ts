import type { Brand } from '../../base/index.ts';

/** A device's signature key (Ed25519, 32 bytes) as hexadecimal text: to compare, and to find the device again. */
export type DeviceKey = Brand<string, 'DeviceKey'>;

export interface Device {
  readonly signatureKey: Uint8Array;
}

export function deviceKeyOf({ signatureKey }: Device): DeviceKey {
  return [...signatureKey].map((byte) => byte.toString(16).padStart(2, '0')).join('') as DeviceKey;
}

export function signatureKeyOf(key: DeviceKey): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(key.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
