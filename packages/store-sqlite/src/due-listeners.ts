/** Those who want to hear, in this process, that a delivery became due. Other processes find it by polling. */
export interface DueListeners {
  /** Adds a listener; returns how to stop. */
  listen(listener: (subject: string | undefined) => void): () => void;
  /** Tells everyone; a listener that throws keeps nobody else from hearing. */
  tell(subject: string | undefined): void;
}

/** Nobody yet. */
export function createDueListeners(): DueListeners {
  const listeners = new Set<(subject: string | undefined) => void>();
  return {
    listen(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    tell(subject) {
      for (const listener of listeners) {
        try {
          listener(subject);
        } catch {
          // What was recorded stays recorded, and the hint is only a hint.
        }
      }
    },
  };
}
