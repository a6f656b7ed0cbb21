/**
 * How often a transport that sends looks at its bandwidth estimate. mediasoup says 5 ms, for a pacer that it does not use, and with 200
 * receivers that was a fifth of the worker's time; WebRTC itself looks every 25 ms. While it probes for bandwidth it looks as often as
 * the probe needs, so that only the beginning of one may be 20 ms later. The first trial is mediasoup's own.
 */
export const FIELD_TRIALS = 'WebRTC-Bwe-AlrLimitedBackoff/Enabled/WebRTC-Pacer-MinPacketLimitMs/25/';
