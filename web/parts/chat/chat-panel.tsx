import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { CallModel } from '../../call-model.ts';
import { STRINGS } from '../../strings/index.ts';
import { Icon } from '../icon.tsx';
import { Panel } from '../panel.tsx';

/** As the SDK allows (`call.sendChat`). */
const MAX_CHAT_CHARS = 2_000;

export function ChatPanel({ model }: { readonly model: CallModel }) {
  const { talk } = model;
  const messages = talk.messages.value;
  const end = useRef<HTMLLIElement>(null);
  useEffect(() => {
    talk.read();
    end.current?.scrollIntoView({ block: 'end' });
  }, [talk, messages]);
  return (
    <Panel model={model} name="chat" title={STRINGS.chat.title}>
      <p class="panel-lead">{STRINGS.chat.lead}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrows, so it takes the focus */}
      <div class="messages" role="log" aria-label={STRINGS.chat.messages} tabIndex={0}>
        <ol>
          {messages.map(({ id, name, text, own }) => (
            <li key={id} class="message" data-own={own}>
              <span class="message-name">{own ? STRINGS.chat.you : name}</span>
              <p>{text}</p>
            </li>
          ))}
          <li ref={end} class="messages-end" aria-hidden="true">
            {messages.length === 0 && STRINGS.chat.empty}
          </li>
        </ol>
      </div>
      <ChatInput model={model} />
    </Panel>
  );
}

function ChatInput({ model }: { readonly model: CallModel }) {
  const text = useSignal('');
  const isHalted = model.security.value.admittance.kind !== 'inside';
  const send = (event: Event) => {
    event.preventDefault();
    const said = text.value.trim();
    if (said === '' || isHalted) return;
    model.talk.say(said);
    text.value = '';
  };
  return (
    <form class="chat-form" onSubmit={send}>
      <input
        name="message"
        data-first
        value={text.value}
        maxLength={MAX_CHAT_CHARS}
        placeholder={isHalted ? STRINGS.chat.halted : STRINGS.chat.input}
        aria-label={STRINGS.chat.input}
        autocomplete="off"
        onInput={({ currentTarget }) => {
          text.value = currentTarget.value;
        }}
      />
      <button
        type="submit"
        class="control send"
        aria-label={STRINGS.chat.send}
        disabled={isHalted || text.value.trim() === ''}
      >
        <Icon name="send" />
      </button>
    </form>
  );
}
