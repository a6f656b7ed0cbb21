import { ortc, type types } from 'mediasoup';
import { CallError } from '../base/index.ts';

/** As mediasoup's, but any header extension may be named: a browser knows more of them than mediasoup, which skips those. */
export type RtpCapabilities = Omit<types.RtpCapabilities, 'headerExtensions'> & {
  headerExtensions?: AnyUri<types.RtpHeaderExtension>[];
};

/** As mediasoup's, but any header extension may be named. */
export type RtpParameters = Omit<types.RtpParameters, 'headerExtensions'> & {
  headerExtensions?: AnyUri<types.RtpHeaderExtensionParameters>[];
};

type AnyUri<Extension> = Omit<Extension, 'uri'> & { uri: string };

/** @throws CallError `invalid` when mediasoup could not work with them. */
export function checkRtpCapabilities(capabilities: RtpCapabilities): types.RtpCapabilities {
  const copy = structuredClone(capabilities) as types.RtpCapabilities;
  try {
    ortc.validateAndNormalizeRtpCapabilities(copy);
  } catch (cause) {
    throw new CallError('invalid', 'the RTP capabilities make no sense', { cause });
  }
  return copy;
}

/**
 * Whether every codec is of that kind. mediasoup takes the kind on trust, and would forward video as somebody's microphone.
 */
export function isOfKind(parameters: RtpParameters, kind: types.MediaKind): boolean {
  return parameters.codecs.every(({ mimeType }) => mimeType.toLowerCase().startsWith(`${kind}/`));
}
