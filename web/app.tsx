import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Call } from '../src/client/index.ts';
import { CallModel } from './call-model.ts';
import { rememberedName } from './remembered-name.ts';
import { freshRoom, pathOfRoom, roomOfPath } from './room-link.ts';
import { CallScreen } from './screens/call-screen.tsx';
import { LeftScreen } from './screens/left-screen.tsx';
import { LobbyScreen } from './screens/lobby-screen.tsx';
import { StartScreen } from './screens/start-screen.tsx';

declare global {
  interface Window {
    /** The call of this page, for load tests and for looking inside; see docs/sdk.md. */
    conclave?: Call;
  }
}

/** A lobby with its devices on: people see themselves before others do. */
function openLobby(room: string): CallModel {
  const model = new CallModel(room, rememberedName());
  window.conclave = model.call;
  void model.call.setMicrophone(true);
  void model.call.setCamera(true);
  return model;
}

/** Which screen: the start page without a room, else what the room's call stands at. */
export function App() {
  const model = useSignal<CallModel | undefined>(undefined);
  const enter = (room: string | undefined) => {
    model.value?.call.leave();
    model.value = room === undefined ? undefined : openLobby(room);
  };
  useEffect(() => {
    const follow = () => enter(roomOfPath(location.pathname));
    addEventListener('popstate', follow);
    follow();
    return () => removeEventListener('popstate', follow);
  }, []);
  const go = (path: string) => {
    history.pushState(null, '', path);
    enter(roomOfPath(path));
  };

  const open = model.value;
  if (!open) return <StartScreen onCreate={() => go(pathOfRoom(freshRoom()))} />;
  const state = open.state.value;
  switch (state.kind) {
    case 'idle':
    case 'connecting':
      return <LobbyScreen model={open} joining={state.kind === 'connecting'} />;
    case 'joined':
    case 'reconnecting':
      return <CallScreen model={open} />;
    case 'left':
      return <LeftScreen reason={state.reason} onAgain={() => enter(open.room)} onStart={() => go('/')} />;
  }
}
