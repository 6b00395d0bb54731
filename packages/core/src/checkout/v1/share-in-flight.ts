/** Runs one call at a time for a key; whoever asks meanwhile gets the same result. */
export type ShareInFlight<T> = (key: string, run: () => Promise<T>) => Promise<T>;

/** v1 knows no idempotency key: within one process this keeps a double click from opening two sessions. */
export function shareInFlight<T>(): ShareInFlight<T> {
  const running = new Map<string, Promise<T>>();
  return async (key, run) => {
    const shared = running.get(key);
    if (shared !== undefined) return shared;
    const own = run().finally(() => running.delete(key));
    running.set(key, own);
    return own;
  };
}
