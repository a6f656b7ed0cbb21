import { qrCodeOf } from '../qr/qr-code.ts';

/** The light edge that readers need (ISO/IEC 18004, section 6.3.8). */
const QUIET_MODULES = 4;

interface QrPictureProps {
  readonly text: string;
  /** What it holds, for who does not see it. */
  readonly label: string;
}

/** Dark on light in every theme: some readers know nothing else. Nothing where the text is too long to be scanned with ease. */
export function QrPicture({ text, label }: QrPictureProps) {
  const modules = qrCodeOf(text);
  if (!modules) return null;
  const size = modules.length + 2 * QUIET_MODULES;
  const path = modules.flatMap((row, y) =>
    row.map((dark, x) => (dark ? `M${x + QUIET_MODULES} ${y + QUIET_MODULES}h1v1h-1z` : '')),
  );
  return (
    <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`}>
      <path d={path.join('')} />
    </svg>
  );
}
