/**
 * Handlers that succeeded in this process and could not be written down: the store was away until the lease had
 * lapsed. They must not run again here when the delivery is taken once more.
 */
export interface OwnSuccesses {
  /** Names of handlers known to have succeeded for a key. */
  of(key: string): readonly string[];
  has(key: string): boolean;
  add(key: string, handlers: readonly string[]): void;
  /** The store knows them now. */
  forget(key: string): void;
}

const NONE: readonly string[] = Object.freeze([]);
/** Far more than a process can have taken while its store was away. */
const MOST = 10_000;

/** Nothing yet. */
export function createOwnSuccesses(): OwnSuccesses {
  const byKey = new Map<string, readonly string[]>();
  return {
    of: (key) => byKey.get(key) ?? NONE,
    has: (key) => byKey.has(key),
    add(key, handlers) {
      if (handlers.length === 0) return;
      byKey.set(key, [...(byKey.get(key) ?? NONE), ...handlers]);
      const [oldest] = byKey.keys();
      if (byKey.size > MOST && oldest !== undefined) byKey.delete(oldest);
    },
    forget(key) {
      if (byKey.size > 0) byKey.delete(key);
    },
  };
}
