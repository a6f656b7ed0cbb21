import * as z from 'zod/mini';
import { distinct, idField, present, uint32 } from './fields.ts';
import { MAX_FINGERPRINTS } from './limits.ts';
import { dtlsRole } from './wire-enum.ts';

/** Hash bytes by algorithm: the three of RFC 8122 that are not broken. */
const FINGERPRINT_BYTES = { 'sha-256': 32, 'sha-384': 48, 'sha-512': 64 } as const;

const dtlsFingerprint = z
  .object({ algorithm: z.enum(['sha-256', 'sha-384', 'sha-512']), value: z.string().check(z.maxLength(64 * 3)) })
  .check(
    z.refine(
      ({ algorithm, value }) =>
        value.length === FINGERPRINT_BYTES[algorithm] * 3 - 1 && /^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2})*$/.test(value),
      'not a fingerprint of its algorithm',
    ),
  );

export const dtlsParameters = z.object({
  role: dtlsRole.schema,
  fingerprints: z.array(dtlsFingerprint).check(
    z.minLength(1),
    z.maxLength(MAX_FINGERPRINTS),
    z.refine((list) => distinct(list, (fingerprint) => fingerprint.algorithm), 'algorithm given twice'),
  ),
});

/** Lengths of RFC 8839 section 5.4: ufrag 4 to 256, password 22 to 256 characters. */
export const iceParameters = z.object({
  usernameFragment: z.string().check(z.minLength(4), z.maxLength(256)),
  password: z.string().check(z.minLength(22), z.maxLength(256)),
  iceLite: z.boolean(),
});

const iceCandidate = z.pipe(
  z.object({
    foundation: z.string().check(z.maxLength(64)),
    priority: uint32,
    address: z.string().check(z.minLength(1), z.maxLength(255)),
    protocol: z.enum(['udp', 'tcp']),
    port: z.int().check(z.minimum(1), z.maximum(65535)),
    type: z.literal('host'),
    tcpType: z.nullish(z.literal('passive')),
  }),
  z.transform(present),
);

export const transportParameters = z.object({
  id: idField,
  iceParameters,
  iceCandidates: z.array(iceCandidate).check(z.maxLength(32)),
  dtlsParameters,
});

export type DtlsParameters = z.infer<typeof dtlsParameters>;
export type IceParameters = z.infer<typeof iceParameters>;
export type TransportParameters = z.infer<typeof transportParameters>;

/** What mediasoup and mediasoup-client call DTLS parameters: the role may be left out, the algorithm may be older. */
export interface AnyDtlsParameters {
  readonly role?: 'auto' | 'client' | 'server' | undefined;
  readonly fingerprints: readonly { readonly algorithm: string; readonly value: string }[];
}

export function dtlsParametersToWire({ role, fingerprints }: AnyDtlsParameters) {
  const sent = fingerprints.filter(({ algorithm }) => algorithm in FINGERPRINT_BYTES);
  return { role: dtlsRole.toWire(role ?? 'auto'), fingerprints: [...sent] };
}

/** What mediasoup says of a transport that it made. */
export interface SentTransportParameters {
  readonly id: string;
  readonly iceParameters: { readonly usernameFragment: string; readonly password: string; readonly iceLite?: boolean };
  readonly iceCandidates: readonly {
    readonly foundation: string;
    readonly priority: number;
    readonly address: string;
    readonly protocol: 'udp' | 'tcp';
    readonly port: number;
    readonly type: string;
    readonly tcpType?: string;
  }[];
  readonly dtlsParameters: AnyDtlsParameters;
}

export function transportParametersToWire({
  id,
  iceParameters,
  iceCandidates,
  dtlsParameters,
}: SentTransportParameters) {
  return {
    id,
    iceParameters,
    iceCandidates: [...iceCandidates],
    dtlsParameters: dtlsParametersToWire(dtlsParameters),
  };
}
