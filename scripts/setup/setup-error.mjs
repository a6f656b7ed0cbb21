/** What the person at the keyboard can act on: its message is one clear line and is shown without a stack. */
export class SetupError extends Error {}
