import { remember, remembered } from './remembered.ts';

const KEY = 'conclave.name';

/** The name that this browser joined with last. */
export const rememberedName = (): string => remembered(() => localStorage, KEY) ?? '';

export const rememberName = (name: string): void => remember(() => localStorage, KEY, name);
