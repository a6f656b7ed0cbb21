import type { EndpointArrivals } from '../bench/endpoints/arrivals.ts';
import { Endpoints } from '../bench/endpoints/endpoints.ts';
import { serve } from './participant-process.ts';
import { RtpEnd } from './rtp-end.ts';

const endpoints = await Endpoints.open();
endpoints.setSending({ on: true });
endpoints.measure(); // from here on: readings are of all that has come

let arrivals = new Map<number, EndpointArrivals>();

serve({
  join: (invitation) => RtpEnd.join(invitation, { endpoints, arrivalsOf: (endpointId) => arrivals.get(endpointId) }),
  refresh: async () => {
    const report = await endpoints.report();
    arrivals = new Map(report.endpoints.map((each) => [each.id, each]));
  },
});
