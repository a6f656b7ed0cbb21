/** What was asked cannot be done as it stands: one line says why, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
