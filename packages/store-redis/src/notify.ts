import type { RedisConnection } from './client.js';

type DueListener = (subject: string | undefined) => void;

/** Hints from every process that uses the store, on one more connection, opened for the first listener. */
export interface DueHints {
  /** Returns how to stop listening. */
  onDue(listener: DueListener): () => void;
  /** Closes the connection, if one was opened. */
  close(): void;
}

/** Hints that come over `channel`. */
export function dueHints(connection: RedisConnection, channel: string): DueHints {
  const listeners = new Set<{ readonly call: DueListener }>();
  let stop: (() => void) | undefined;

  function close(): void {
    listeners.clear();
    stop?.();
    stop = undefined;
  }

  return {
    onDue(listener) {
      const entry = { call: listener };
      listeners.add(entry);
      stop ??= connection.listen(channel, (subject) => {
        for (const { call } of listeners) call(subject === '' ? undefined : subject);
      });
      return () => {
        if (listeners.delete(entry) && listeners.size === 0) close();
      };
    },
    close,
  };
}
