import { setImmediate } from 'node:timers';
import { detached } from '../async-context.js';

/** Bounds of a group commit. */
export interface GroupCommitOptions {
  /** Most items in one write; the rest goes in the next. @default 500 */
  readonly maxItems?: number | undefined;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit for stores: what arrives in one turn of the event loop, or while a write is in flight, goes together
 * in the next write, and each caller hears only after its own is committed. `write` gives a result for each item, in
 * order; when it rejects, every caller of that write does, and no other.
 */
export function groupCommit<Item, Result>(
  write: (items: readonly Item[]) => Promise<readonly Result[]>,
  { maxItems = 500 }: GroupCommitOptions = {},
): (item: Item) => Promise<Result> {
  // None at all would leave all waiting forever.
  const most = Math.max(1, maxItems);
  let waiting: Waiting<Item, Result>[] = [];
  let busy = false;

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting.slice(0, most);
      waiting = waiting.slice(most);
      await writeGroup(group);
    }
    busy = false;
  }

  async function writeGroup(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await write(group.map(({ item }) => item));
      if (results.length !== group.length)
        throw new Error(`a group of ${group.length} was answered with ${results.length} results`);
      results.forEach((result, index) => group[index]?.resolve(result));
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  return async (item) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (busy) return;
      busy = true;
      // What is written together belongs to no caller: it must not run in the context of whoever came first.
      detached(() => setImmediate(() => void flush()));
    });
}
