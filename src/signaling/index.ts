export { DevTokens } from './dev-tokens.ts';
export { SIGNALING_LIMITS, type SignalingLimits } from './limits.ts';
export { type SignalingOptions, SignalingServer } from './signaling-server.ts';
export type { TokenClaims } from './token-claims.ts';
export { TokenVerifier } from './token-verifier.ts';
