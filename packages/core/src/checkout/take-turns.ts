/** Runs one call at a time for a name. Who asks for the same thing as the last in line gets that one's result. */
export type TakeTurns<T> = (turn: Turn, run: () => Promise<T>) => Promise<T>;

/** Whose turn it is, and for what. */
export interface Turn {
  readonly name: string;
  readonly what: string;
}

interface InLine<T> {
  readonly what: string;
  readonly result: Promise<T>;
}

/** Lines by name, each kept only while somebody stands in it. */
export function takeTurns<T>(): TakeTurns<T> {
  const last = new Map<string, InLine<T>>();
  return async ({ name, what }, run) => {
    const before = last.get(name);
    if (before?.what === what) return before.result;
    const result = before === undefined ? run() : before.result.then(run, run);
    const own = { what, result };
    last.set(name, own);
    try {
      return await result;
    } finally {
      if (last.get(name) === own) last.delete(name);
    }
  };
}
