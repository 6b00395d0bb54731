/** Called when a delivery became due, with its subject where that is known. */
export type DueListener = (subject: string | undefined) => void;

/** Those in this process who asked a store's `onDue` to be called. */
export interface DueListeners {
  /** How many there are. */
  readonly size: number;
  /** Adds a listener; returns a function that removes it. Added twice, it is called twice. */
  add(listener: DueListener): () => void;
  /** Calls every listener; one that throws keeps no other from being called. */
  notify(subject: string | undefined): void;
  /** Removes all of them. */
  clear(): void;
}

/** No listeners yet. `onError` is called with what one of them throws: the call is a hint, and what was stored stays stored. */
export function createDueListeners(
  onError: (error: unknown) => void = () => undefined,
): DueListeners {
  const listeners = new Set<{ readonly call: DueListener }>();
  return {
    get size() {
      return listeners.size;
    },
    add(listener) {
      const entry = { call: listener };
      listeners.add(entry);
      return () => {
        listeners.delete(entry);
      };
    },
    notify(subject) {
      for (const { call } of listeners) {
        try {
          call(subject);
        } catch (error) {
          onError(error);
        }
      }
    },
    clear() {
      listeners.clear();
    },
  };
}
