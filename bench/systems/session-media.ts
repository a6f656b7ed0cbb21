import type { ProducerId } from '../../src/base/index.ts';
import type { Direction } from '../../src/wire/index.ts';
import type { NodeSession, ValueOf } from '../../test/support/node-session.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import type { Endpoints } from '../endpoints/endpoints.ts';
import type { StreamShape } from '../endpoints/stream-plan.ts';
import { publishedStream } from './published-stream.ts';

/*
 * Media of a session with our server, by native ends: nobody there is a member of the group of keys, and what flows is sealed to nobody.
 */

/** Makes the endpoint the session's path in that direction, with the answers that a browser gives there. @throws for a listener's way to send */
export async function connect(
  { link, joined, transportSequenceId }: NodeSession,
  endpoint: Endpoint,
  direction: Direction,
) {
  const parameters = direction === 'send' ? joined.sendTransport : joined.recvTransport;
  if (!parameters) throw new Error('a listener sends nothing');
  await endpoint.openPath(parameters, (value) => {
    const dtlsParameters = { role: 'client', fingerprints: [{ algorithm: 'sha-256', value }] } as const;
    return link.request({ case: 'connectTransport', value: { direction, dtlsParameters } }, 'done');
  });
  endpoint.answer({ transportSequenceId: direction === 'recv' ? transportSequenceId : undefined });
}

/** A camera and a microphone at most; they flow while the endpoints send. In the order of the shapes. */
export async function publish(
  { link }: NodeSession,
  endpoint: Endpoint,
  shapes: readonly StreamShape[],
): Promise<ProducerId[]> {
  const producerIds: ProducerId[] = [];
  for (const [at, shape] of shapes.entries()) {
    const { rtpParameters, plan } = publishedStream(shape, `${at}`);
    const source = shape.kind === 'video' ? 'camera' : 'microphone';
    const { producerId } = await link.request(
      { case: 'produce', value: { source, rtpParameters, paused: false } },
      'produce',
    );
    endpoint.stream(plan);
    producerIds.push(producerId);
  }
  return producerIds;
}

/** Lets a consumer flow once the endpoint expects it. */
export async function receive(
  { link }: NodeSession,
  { endpoint, endpoints }: { readonly endpoint: Endpoint; readonly endpoints: Endpoints },
  opened: ValueOf<'consumerOpened'>,
): Promise<void> {
  const { consumerId, kind, rtpParameters } = opened;
  endpoint.expect({ ssrc: ssrcOf(opened), kind, rtxSsrc: rtpParameters.encodings[0]?.rtx?.ssrc });
  await endpoints.settled();
  link.intend({ case: 'consumerReady', value: { consumerId } });
}

export function ssrcOf({ rtpParameters }: ValueOf<'consumerOpened'>): number {
  const ssrc = rtpParameters.encodings[0]?.ssrc;
  if (ssrc === undefined) throw new Error('the server always names the SSRC');
  return ssrc;
}
