import type { Log } from '../log.js';

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

/** Those that are called with every change of something. */
export interface Listeners<Value> {
  /** Calls `listener` from now on; returns a function that stops it. */
  readonly add: (listener: (value: Value) => void) => () => void;
  readonly notify: (value: Value) => void;
}

/** No listeners yet. One that throws is reported and stops neither the others nor the sandbox. */
export function createListeners<Value>(log: Log): Listeners<Value> {
  const listeners = new Set<(value: Value) => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    notify(value) {
      for (const listener of listeners) {
        try {
          listener(value);
        } catch (err) {
          log('listener_failed', { err });
        }
      }
    },
  };
}
