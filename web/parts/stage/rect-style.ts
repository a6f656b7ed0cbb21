import type { Rect } from '../../grid-layout.ts';

/** For `.placed`. */
export function rectStyle({ leftPx, topPx, widthPx, heightPx }: Rect): Readonly<Record<string, string>> {
  return { left: `${leftPx}px`, top: `${topPx}px`, width: `${widthPx}px`, height: `${heightPx}px` };
}
