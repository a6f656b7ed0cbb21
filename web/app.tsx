import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Call } from '../src/client/index.ts';
import { type CallLink, freshLink, type Place, pathOf, placeOf } from './call-link.ts';
import { CallModel } from './call-model.ts';
import { rememberedName } from './remembered-name.ts';
import { CallScreen } from './screens/call-screen.tsx';
import { IncompleteLinkScreen } from './screens/incomplete-link-screen.tsx';
import { LeftScreen } from './screens/left-screen.tsx';
import { LobbyScreen } from './screens/lobby-screen.tsx';
import { StartScreen } from './screens/start-screen.tsx';
import { WaitingScreen } from './screens/waiting-screen.tsx';

declare global {
  interface Window {
    /** The call of this page, for load tests and for looking inside; see docs/sdk.md. */
    conclave?: Call;
  }
}

/** A lobby with its devices on: people see themselves before others do. */
function openLobby(link: CallLink): CallModel {
  const model = new CallModel(link, rememberedName());
  window.conclave = model.call;
  void model.call.setMicrophone(true);
  void model.call.setCamera(true);
  return model;
}

type Shown = Exclude<Place, { readonly kind: 'call' }> | { readonly kind: 'call'; readonly model: CallModel };

/** Which screen: the start page without a call, else what the call stands at. */
export function App() {
  const shown = useSignal<Shown>({ kind: 'start' });
  const enter = (place: Place) => {
    if (shown.value.kind === 'call') shown.value.model.call.leave();
    shown.value = place.kind === 'call' ? { kind: 'call', model: openLobby(place.link) } : place;
  };
  useEffect(() => {
    const follow = () => enter(placeOf(location));
    addEventListener('popstate', follow);
    follow();
    return () => removeEventListener('popstate', follow);
  }, []);
  const go = (path: string) => {
    history.pushState(null, '', path);
    enter(placeOf(location));
  };

  if (shown.value.kind === 'start') return <StartScreen onCreate={(options) => go(pathOf(freshLink(options)))} />;
  if (shown.value.kind === 'incomplete') return <IncompleteLinkScreen onStart={() => go('/')} />;
  const open = shown.value.model;
  const again = () => enter({ kind: 'call', link: open.link });
  const state = open.state.value;
  switch (state.kind) {
    case 'idle':
    case 'connecting':
      if (open.security.value.admittance.kind === 'waiting') {
        return <WaitingScreen model={open} onLeave={() => go('/')} />;
      }
      return <LobbyScreen model={open} joining={state.kind === 'connecting'} />;
    case 'joined':
    case 'reconnecting':
      return <CallScreen model={open} onAgain={again} />;
    case 'left':
      return (
        <LeftScreen
          reason={state.reason}
          lastedMs={open.lastedMs}
          removedBy={open.moderating.removedBy.value}
          onAgain={again}
          onStart={() => go('/')}
        />
      );
  }
}
