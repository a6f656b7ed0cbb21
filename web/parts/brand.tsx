import type { ComponentChildren } from 'preact';
import { STRINGS } from '../strings/index.ts';

/** The head of a page; what is quieter than the name stands at its other end. */
export function Brand({ children }: { readonly children?: ComponentChildren }) {
  return (
    <header class="brand">
      <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
        <rect width="32" height="32" rx="9" class="brand-ground" />
        <circle cx="16" cy="13" r="5" class="brand-key" />
        <path d="M16 18v8" class="brand-key" />
      </svg>
      <span>{STRINGS.product}</span>
      {children}
    </header>
  );
}
