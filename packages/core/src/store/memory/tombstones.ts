/** Keys of deliveries whose bodies are gone, and when each was done or discarded (ms since 1970). Bounded. */
export interface Tombstones {
  has(key: string): boolean;
  add(key: string, at: number): void;
  /** Forgets up to `limit` keys of before `before`; resolves with how many. */
  forget(before: number, limit: number): number;
  /** When the newest of the keys that were forgotten was done or discarded; -Infinity while none was. */
  readonly forgottenUntil: number;
}

/** No keys yet. At most `maxKeys` are remembered, at least half of them: two maps take turns, see {@link createEntryMemory}. */
export function createTombstones(maxKeys: number): Tombstones {
  const limit = Math.max(1, Math.floor(maxKeys / 2));
  let recent = new Map<string, number>();
  let older = new Map<string, number>();
  let forgottenUntil = -Infinity;

  function turn(): void {
    for (const at of older.values()) forgottenUntil = Math.max(forgottenUntil, at);
    older = recent;
    recent = new Map();
  }

  return {
    has: (key) => recent.has(key) || older.has(key),
    add(key, at) {
      recent.set(key, at);
      if (recent.size >= limit) turn();
    },
    forget(before, most) {
      let forgotten = 0;
      for (const keys of [older, recent])
        for (const [key, at] of keys) {
          if (forgotten >= most) return forgotten;
          if (at > before) continue;
          keys.delete(key);
          forgottenUntil = Math.max(forgottenUntil, at);
          forgotten += 1;
        }
      return forgotten;
    },
    get forgottenUntil() {
      return forgottenUntil;
    },
  };
}
