/** Resolves when everything that waits for nothing but promises has run. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
