import type { TypeFilter } from '../durable-store.js';
import { createDueQueue, isBefore, type DueQueue, type Takeable } from './due-queue.js';
import type { Entry } from './entry.js';

/** By which time, and how many. */
interface Removal {
  readonly now: number;
  readonly limit: number;
}

/** The due entries of every type: what nobody here wants never stands before what somebody does. */
export interface DueQueues {
  add(entry: Entry, now: number): void;
  /** Removes and returns the next entry of the wanted types that may be taken, or `undefined`. */
  next(now: number, wanted: TypeFilter | undefined, takeable: Takeable): Entry | undefined;
  /** Removes up to `limit` entries of these types that may be taken and have been due since `before` or longer. */
  remove(types: TypeFilter, before: number, options: Removal): readonly Entry[];
}

/** Empty queues. */
export function createDueQueues(): DueQueues {
  const byType = new Map<string, DueQueue>();

  return {
    add(entry, now) {
      const { type } = entry.delivery;
      let queue = byType.get(type);
      if (queue === undefined) {
        queue = createDueQueue();
        byType.set(type, queue);
      }
      queue.add(entry, now);
    },
    next(now, wanted, takeable) {
      let first: Entry | undefined;
      for (const [type, queue] of byType) {
        if (!isWanted(wanted, type)) continue;
        const entry = queue.peek(now, takeable);
        if (entry !== undefined && (first === undefined || isBefore(entry, first))) first = entry;
      }
      if (first !== undefined) byType.get(first.delivery.type)?.shift(first);
      return first;
    },
    remove(types, before, { now, limit }) {
      const removed: Entry[] = [];
      const fits = ({ dueSince }: Entry): boolean => dueSince <= before;
      for (const [type, queue] of byType)
        if (isWanted(types, type)) removed.push(...queue.remove(now, fits, limit - removed.length));
      return removed;
    },
  };
}

/** Whether a filter lets a type through; none lets all through. */
export function isWanted(filter: TypeFilter | undefined, type: string): boolean {
  if (filter === undefined) return true;
  return 'only' in filter ? filter.only.includes(type) : !filter.except.includes(type);
}
