import { type Logger, asError } from '@qbitflow/core';

/** A map that forgets its oldest entries beyond `limit`, so that a sandbox left running never grows without end. */
export class BoundedMap<Value> {
  readonly #entries = new Map<string, Value>();

  constructor(
    private readonly limit: number,
    private readonly onForget: (value: Value) => void = () => undefined,
  ) {}

  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  /** Keeps the entry's age when the key is already there. */
  set(key: string, value: Value): void {
    this.#entries.set(key, value);
    if (this.#entries.size <= this.limit) return;
    for (const [oldest, forgotten] of this.#entries) {
      this.#entries.delete(oldest);
      this.onForget(forgotten);
      return;
    }
  }

  /** Oldest first. */
  values(): Value[] {
    return [...this.#entries.values()];
  }
}

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
