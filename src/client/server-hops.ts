/** Servers that may send a caller on, one to the next: a chain that is longer is a mistake or a trap. */
const MAX_HOPS = 3;

const SECURE: ReadonlySet<string> = new Set(['https:', 'wss:']);
const PLAIN: ReadonlySet<string> = new Set(['http:', 'ws:']);

/**
 * Where to go from the last of `visited`, whose server is full and knows of `proposed`; `undefined` when there is no going there: not
 * a server's URL, one with less protection, one that was asked already, or one too many.
 */
export function nextHop(visited: readonly string[], proposed: string | undefined): string | undefined {
  const from = visited.at(-1);
  if (proposed === undefined || from === undefined || visited.length > MAX_HOPS) return undefined;
  if (!URL.canParse(proposed) || !URL.canParse(from)) return undefined;
  const target = new URL(proposed);
  if (target.username || target.password) return undefined;
  const allowed = SECURE.has(target.protocol) || (PLAIN.has(target.protocol) && !SECURE.has(new URL(from).protocol));
  const isKnown = visited.some((url) => new URL(url).host === target.host);
  return allowed && !isKnown ? target.href : undefined;
}
