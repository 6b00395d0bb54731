/** Passes on the aborts of signals that others own. */
export interface AbortRelay {
  /**
   * Calls back once when `signal` aborts, at once where it has already. Returns how to stop listening. However many
   * listen here, the signal has one listener: Node warns of a leak at the eleventh, and a shop ends hundreds of watchers
   * with one signal.
   */
  onAbort(signal: AbortSignal, callback: () => void): () => void;
}

/** A relay that listens to nothing yet. */
export function createAbortRelay(): AbortRelay {
  const listening = new WeakMap<AbortSignal, Listener>();

  function listen(signal: AbortSignal): Listener {
    const callbacks = new Set<() => void>();
    function onAbort(): void {
      listening.delete(signal);
      for (const callback of callbacks) callback();
    }
    signal.addEventListener('abort', onAbort, { once: true });
    const listener = {
      callbacks,
      stop() {
        listening.delete(signal);
        signal.removeEventListener('abort', onAbort);
      },
    };
    listening.set(signal, listener);
    return listener;
  }

  return {
    onAbort(signal, callback) {
      if (signal.aborted) {
        callback();
        return () => undefined;
      }
      const { callbacks, stop } = listening.get(signal) ?? listen(signal);
      // A function of its own for each: one callback may be given twice.
      const own = (): void => callback();
      callbacks.add(own);
      return () => {
        if (callbacks.delete(own) && callbacks.size === 0) stop();
      };
    },
  };
}

interface Listener {
  readonly callbacks: Set<() => void>;
  readonly stop: () => void;
}
