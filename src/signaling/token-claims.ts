import * as z from 'zod/mini';
import { deviceIdField, roomIdField, userIdField } from '../wire/index.ts';

/** Ids of tokens are kept until the token expires: a longer one is refused. */
const MAX_TOKEN_ID_CHARS = 128;

/** What a token must say beside what JWT itself checks (RFC 7519 section 4.1). Times are in seconds since 1970. */
const claims = z.object({
  jti: z.string().check(z.minLength(1), z.maxLength(MAX_TOKEN_ID_CHARS)),
  iat: z.number(),
  exp: z.number(),
  room: roomIdField,
  sub: userIdField,
  device: deviceIdField,
  role: z.enum(['speaker', 'listener']),
  moderator: z.optional(z.boolean()),
});

/**
 * Who the messenger's backend says a session is, and which room it may join. A `listener` publishes nothing; a `moderator` may
 * remove people and lock the room, whatever its role.
 */
export type TokenClaims = z.infer<typeof claims>;

/** The claims, or the name of the first that is missing or off. */
export function parseClaims(payload: unknown): { readonly claims: TokenClaims } | { readonly bad: string } {
  const outcome = claims.safeParse(payload);
  return outcome.success ? { claims: outcome.data } : { bad: String(outcome.error.issues[0]?.path[0] ?? 'payload') };
}
