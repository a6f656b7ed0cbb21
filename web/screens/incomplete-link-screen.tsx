import { Brand } from '../parts/brand.tsx';
import { STRINGS } from '../strings/index.ts';

/** The link came without its secret: without it this device could join nothing that the others are in. */
export function IncompleteLinkScreen({ onStart }: { readonly onStart: () => void }) {
  return (
    <main class="page" data-screen="incomplete-link">
      <Brand />
      <section class="card centred">
        <h1>{STRINGS.incompleteLink.title}</h1>
        <p class="lead" role="alert">
          {STRINGS.incompleteLink.lead}
        </p>
        <button type="button" class="primary" onClick={onStart}>
          {STRINGS.left.start}
        </button>
      </section>
    </main>
  );
}
