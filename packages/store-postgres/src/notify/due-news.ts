import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers';
import type { Logger } from '@qbitflow/core';

/** Called with the subject of what became due, where that is known. */
export type DueListener = (subject: string | undefined) => void;

/** Tells this process's listeners what became due, whether it happened here or elsewhere. */
export interface DueNews {
  /** Names this store among those of other processes, so that it does not hear its own echo. */
  readonly origin: string;
  readonly hasListeners: boolean;
  /** Something of these subjects became due here. */
  tell(deliveries: readonly { readonly subject: string }[]): void;
  /** Something became due, and nobody knows what. */
  tellUnknown(): void;
  add(listener: DueListener): void;
  remove(listener: DueListener): void;
}

/** News without listeners yet. */
export function createDueNews(logger: Logger): DueNews {
  const listeners = new Set<DueListener>();
  const call = (subject: string | undefined): void => {
    for (const listener of listeners) {
      try {
        listener(subject);
      } catch (err) {
        logger.error({ code: 'due_listener_failed', err }, 'a listener to due deliveries threw');
      }
    }
  };
  return {
    origin: randomUUID(),
    get hasListeners() {
      return listeners.size > 0;
    },
    tell(deliveries) {
      if (listeners.size === 0 || deliveries.length === 0) return;
      const subjects = new Set(deliveries.map(({ subject }) => subject));
      // After the turn in which recorders are answered: a listener that throws or is slow is none of theirs.
      setImmediate(() => {
        for (const subject of subjects) call(subject);
      });
    },
    tellUnknown() {
      call(undefined);
    },
    add(listener) {
      listeners.add(listener);
    },
    remove(listener) {
      listeners.delete(listener);
    },
  };
}
