import { createDueListeners, type DueListener } from '@qbitflow/core/store';
import type { RedisConnection } from './client.js';

/** Calls listeners with what became due in any process that uses the store. */
export interface DueHints {
  /** Returns a function that stops it. */
  onDue(listener: DueListener): () => void;
  /** Closes the connection, if one was opened. */
  close(): void;
}

/** Hints that come over `channel`, on one more connection, opened for the first listener. */
export function dueHints(connection: RedisConnection, channel: string): DueHints {
  const listeners = createDueListeners();
  let stop: (() => void) | undefined;

  function close(): void {
    listeners.clear();
    stop?.();
    stop = undefined;
  }

  return {
    onDue(listener) {
      const remove = listeners.add(listener);
      stop ??= connection.listen(channel, (subject) => {
        listeners.notify(subject === '' ? undefined : subject);
      });
      return () => {
        remove();
        if (listeners.size === 0) close();
      };
    },
    close,
  };
}
