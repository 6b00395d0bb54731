import { asError, type Logger } from '@qbitflow/core';

/** Who wants to hear of something. */
export interface Listeners<News> {
  /** Calls `listener` from now on; returns how to stop that. */
  readonly add: (listener: (news: News) => void) => () => void;
  readonly tell: (news: News) => void;
}

/** Nobody, yet. A listener that throws is reported and stops neither the others nor the sandbox. */
export function createListeners<News>(logger: Logger): Listeners<News> {
  const listeners = new Set<(news: News) => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    tell(news) {
      for (const listener of listeners) {
        try {
          listener(news);
        } catch (error) {
          logger.error({ error: asError(error) }, 'a sandbox listener threw');
        }
      }
    },
  };
}
