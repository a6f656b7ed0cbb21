import * as z from 'zod/mini';
import { distinct, present, uint32 } from './fields.ts';
import type { conclave } from './gen/conclave.js';
import {
  MAX_CODEC_CAPABILITIES,
  MAX_CODEC_PARAMETERS,
  MAX_CODECS,
  MAX_ENCODINGS,
  MAX_HEADER_EXTENSIONS,
} from './limits.ts';
import { headerExtensionDirection, mediaKind } from './wire-enum.ts';

/*
 * RTP capabilities and parameters: the shapes of mediasoup and mediasoup-client, checked more strictly than either does.
 * Each noun is a schema (decoded protobuf in, our type out) and, below, the way back.
 */

const mimeType = z.string().check(z.regex(/^(audio|video)\/[A-Za-z0-9.-]{1,32}$/));
const payloadType = z.int().check(z.minimum(0), z.maximum(127));
const clockRateHz = z.int().check(z.minimum(1), z.maximum(192_000));
const channels = z.nullish(z.int().check(z.minimum(1), z.maximum(8)));
const extensionUri = z.string().check(z.minLength(1), z.maxLength(255));
/** RFC 8285: 1 to 14 in the one-byte form, to 255 in the two-byte form. */
const extensionId = z.int().check(z.minimum(1), z.maximum(255));
/** All bits set is what a careless -1 becomes; it is refused with 0. */
const ssrc = z.int().check(z.minimum(1), z.maximum(0xffff_fffe));
const shortText = z.string().check(z.maxLength(255));

const codecParameterValue = z.pipe(
  z.object({ text: z.nullish(shortText), number: z.nullish(z.int()) }),
  z.transform(({ text, number }) => number ?? text ?? ''),
);
/** Names that every object has, such as `__proto__`, would be read where the client said nothing. */
const codecParameterName = z.string().check(
  z.regex(/^[A-Za-z0-9_.-]{1,64}$/),
  z.refine((name) => !(name in Object.prototype)),
);
const codecParameters = z
  .record(codecParameterName, codecParameterValue)
  .check(z.refine((record) => Object.keys(record).length <= MAX_CODEC_PARAMETERS));

const rtcpFeedback = z
  .array(z.object({ type: shortText, parameter: shortText }))
  .check(z.maxLength(MAX_CODEC_PARAMETERS));

export const rtpCapabilities = z.object({
  codecs: z
    .array(
      z.pipe(
        z.object({
          kind: mediaKind.schema,
          mimeType,
          preferredPayloadType: payloadType,
          clockRate: clockRateHz,
          channels,
          parameters: codecParameters,
          rtcpFeedback,
        }),
        z.transform(present),
      ),
    )
    .check(z.minLength(1), z.maxLength(MAX_CODEC_CAPABILITIES)),
  headerExtensions: z
    .array(
      z.object({
        kind: mediaKind.schema,
        uri: extensionUri,
        preferredId: extensionId,
        preferredEncrypt: z.boolean(),
        direction: headerExtensionDirection.schema,
      }),
    )
    .check(z.maxLength(MAX_HEADER_EXTENSIONS * 2)),
});

const rtpEncoding = z.pipe(
  z
    .object({
      ssrc: z.nullish(ssrc),
      rtxSsrc: z.nullish(ssrc),
      rid: z.nullish(z.string().check(z.regex(/^[A-Za-z0-9]{1,16}$/))), // RFC 8851
      codecPayloadType: z.nullish(payloadType),
      dtx: z.boolean(),
      scalabilityMode: z.nullish(z.string().check(z.regex(/^[LS][1-3]T[1-3](h|_KEY|_KEY_SHIFT)?$/))),
      maxBitrateBps: z.nullish(uint32),
    })
    .check(z.refine((encoding) => encoding.ssrc != null || encoding.rid != null, 'neither ssrc nor rid')),
  z.transform(({ rtxSsrc, maxBitrateBps, ...rest }) =>
    present({ ...rest, rtx: rtxSsrc ? { ssrc: rtxSsrc } : undefined, maxBitrate: maxBitrateBps }),
  ),
);

export const rtpParameters = z.pipe(
  z.object({
    mid: z.nullish(z.string().check(z.regex(/^[A-Za-z0-9_-]{1,16}$/))),
    codecs: z
      .array(
        z.pipe(
          z.object({
            mimeType,
            payloadType,
            clockRate: clockRateHz,
            channels,
            parameters: codecParameters,
            rtcpFeedback,
          }),
          z.transform(present),
        ),
      )
      .check(
        z.minLength(1),
        z.maxLength(MAX_CODECS),
        z.refine((list) => distinct(list, (codec) => codec.payloadType), 'payload type given twice'),
      ),
    headerExtensions: z.array(z.object({ uri: extensionUri, id: extensionId, encrypt: z.boolean() })).check(
      z.maxLength(MAX_HEADER_EXTENSIONS),
      z.refine((list) => distinct(list, (extension) => extension.id), 'extension id given twice'),
    ),
    encodings: z.array(rtpEncoding).check(
      z.minLength(1),
      z.maxLength(MAX_ENCODINGS),
      z.refine((list) => distinct(list, (encoding) => encoding.ssrc), 'ssrc given twice'),
      z.refine((list) => distinct(list, (encoding) => encoding.rid), 'rid given twice'),
    ),
    rtcp: z.pipe(z.object({ cname: z.nullish(shortText), reducedSize: z.boolean() }), z.transform(present)),
  }),
  z.transform(present),
);

export type RtpCapabilities = z.infer<typeof rtpCapabilities>;
export type RtpParameters = z.infer<typeof rtpParameters>;
export type CodecParameters = z.infer<typeof codecParameters>;

/** What mediasoup and mediasoup-client call RTP capabilities: as ours, with more left open. */
export interface AnyRtpCapabilities {
  readonly codecs?: readonly {
    readonly kind: 'audio' | 'video';
    readonly mimeType: string;
    readonly preferredPayloadType?: number | undefined;
    readonly clockRate: number;
    readonly channels?: number | undefined;
    readonly parameters?: object | undefined;
    readonly rtcpFeedback?: readonly { readonly type: string; readonly parameter?: string | undefined }[] | undefined;
  }[];
  readonly headerExtensions?: readonly {
    readonly kind: 'audio' | 'video';
    readonly uri: string;
    readonly preferredId: number;
    readonly preferredEncrypt?: boolean | undefined;
    readonly direction?: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive' | undefined;
  }[];
}

/** What mediasoup and mediasoup-client call RTP parameters: as ours, with more left open. */
export interface AnyRtpParameters {
  readonly mid?: string | undefined;
  readonly codecs: readonly {
    readonly mimeType: string;
    readonly payloadType: number;
    readonly clockRate: number;
    readonly channels?: number | undefined;
    readonly parameters?: object | undefined;
    readonly rtcpFeedback?: readonly { readonly type: string; readonly parameter?: string | undefined }[] | undefined;
  }[];
  readonly headerExtensions?:
    | readonly { readonly uri: string; readonly id: number; readonly encrypt?: boolean | undefined }[]
    | undefined;
  readonly encodings?:
    | readonly {
        readonly ssrc?: number | undefined;
        readonly rid?: string | undefined;
        readonly codecPayloadType?: number | undefined;
        readonly rtx?: { readonly ssrc: number } | undefined;
        readonly dtx?: boolean | undefined;
        readonly scalabilityMode?: string | undefined;
        readonly maxBitrate?: number | undefined;
      }[]
    | undefined;
  readonly rtcp?: { readonly cname?: string | undefined; readonly reducedSize?: boolean | undefined } | undefined;
}

export function rtpCapabilitiesToWire(capabilities: AnyRtpCapabilities): conclave.v1.RtpCapabilities.$Properties {
  return {
    codecs: (capabilities.codecs ?? []).map((codec) => ({
      kind: mediaKind.toWire(codec.kind),
      mimeType: codec.mimeType,
      preferredPayloadType: codec.preferredPayloadType ?? 0,
      ...codecToWire(codec),
    })),
    headerExtensions: (capabilities.headerExtensions ?? []).map((extension) => ({
      kind: mediaKind.toWire(extension.kind),
      uri: extension.uri,
      preferredId: extension.preferredId,
      preferredEncrypt: extension.preferredEncrypt ?? false,
      direction: headerExtensionDirection.toWire(extension.direction ?? 'sendrecv'),
    })),
  };
}

export function rtpParametersToWire(parameters: AnyRtpParameters): conclave.v1.RtpParameters.$Properties {
  return {
    mid: parameters.mid ?? null,
    codecs: parameters.codecs.map((codec) => ({
      mimeType: codec.mimeType,
      payloadType: codec.payloadType,
      ...codecToWire(codec),
    })),
    headerExtensions: (parameters.headerExtensions ?? []).map(({ uri, id, encrypt }) => ({
      uri,
      id,
      encrypt: encrypt ?? false,
    })),
    encodings: (parameters.encodings ?? []).map((encoding) => ({
      ssrc: encoding.ssrc ?? null,
      rtxSsrc: encoding.rtx?.ssrc ?? null,
      rid: encoding.rid ?? null,
      codecPayloadType: encoding.codecPayloadType ?? null,
      dtx: encoding.dtx ?? false,
      scalabilityMode: encoding.scalabilityMode ?? null,
      maxBitrateBps: encoding.maxBitrate ?? null,
    })),
    rtcp: { cname: parameters.rtcp?.cname ?? null, reducedSize: parameters.rtcp?.reducedSize ?? true },
  };
}

type AnyCodec = AnyRtpParameters['codecs'][number] | NonNullable<AnyRtpCapabilities['codecs']>[number];

function codecToWire(codec: AnyCodec) {
  const parameters = Object.entries(codec.parameters ?? {}).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  return {
    clockRate: codec.clockRate,
    channels: codec.channels ?? null,
    parameters: Object.fromEntries(
      parameters.map(([name, value]) => [name, isInt32(value) ? { number: value } : { text: String(value) }]),
    ),
    rtcpFeedback: (codec.rtcpFeedback ?? []).map(({ type, parameter }) => ({ type, parameter: parameter ?? '' })),
  };
}

/** protobufjs writes any other number as a wrong one. */
function isInt32(value: unknown): value is number {
  return typeof value === 'number' && (value | 0) === value;
}
