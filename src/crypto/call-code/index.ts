export type { CodeMessage } from './code-message.ts';
export {
  type CodeEpoch,
  type CodeEvent,
  type CodeRound,
  type CodeStep,
  firstCodeRound,
  nextCodeRound,
  type RandomBytes,
  startAtMs,
  wakeAtMs,
} from './code-round.ts';
export type { AbortReason, CodeStage } from './code-stage.ts';
export { digitCode } from './digits.ts';
export { CODE_EMOJI, type CodeEmoji, sixEmoji } from './emoji.ts';
