import { Brand } from '../parts/brand.tsx';
import { STRINGS } from '../strings.ts';

export function StartScreen({ onCreate }: { readonly onCreate: () => void }) {
  return (
    <main class="page" data-screen="start">
      <Brand />
      <section class="card centred">
        <h1>{STRINGS.start.title}</h1>
        <p class="lead">{STRINGS.start.lead}</p>
        <button type="button" class="primary" onClick={onCreate}>
          {STRINGS.start.create}
        </button>
      </section>
    </main>
  );
}
