import { qrCodeOf } from '../../qr-code.ts';
import { STRINGS } from '../../strings/index.ts';

/** The light edge that readers need (ISO/IEC 18004, section 6.3.8). */
const QUIET_MODULES = 4;

/** Dark on light in every theme: some readers know nothing else. */
export function QrPicture({ digits }: { readonly digits: string }) {
  const modules = qrCodeOf(digits);
  const size = modules.length + 2 * QUIET_MODULES;
  const path = modules.flatMap((row, y) =>
    row.map((dark, x) => (dark ? `M${x + QUIET_MODULES} ${y + QUIET_MODULES}h1v1h-1z` : '')),
  );
  return (
    <svg class="qr" role="img" aria-label={STRINGS.security.qr} viewBox={`0 0 ${size} ${size}`}>
      <path d={path.join('')} />
    </svg>
  );
}
