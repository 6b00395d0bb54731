import { createFifo, type Fifo } from '../fifo.js';
import type { TypeFilter } from './durable-store.js';
import type { Entry } from './memory-entry.js';

/** By which time, and how many. */
interface Removal {
  readonly now: number;
  readonly limit: number;
}

/** The due entries of every type: what is not wanted here never stands before what is. */
export interface DueQueues {
  add(entry: Entry, now: number): void;
  /** Removes and returns the next entry of the wanted types that may be taken, or `undefined`. */
  next(now: number, wanted: TypeFilter | undefined, takeable: Takeable): Entry | undefined;
  /** Removes up to `limit` entries of these types that may be taken and have been due since `before` or longer. */
  remove(types: TypeFilter, before: number, options: Removal): readonly Entry[];
  /** When the first of those that wait no longer for their time was due; Infinity when none is. */
  oldest(now: number): number;
  /** How many are of types that a filter keeps out. */
  unwanted(types: TypeFilter | undefined): number;
}

/** Empty queues. */
export function createDueQueues(): DueQueues {
  const byType = new Map<string, DueQueue>();

  return {
    add(entry, now) {
      const { type } = entry;
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
      if (first !== undefined) byType.get(first.type)?.shift(first);
      return first;
    },
    remove(types, before, { now, limit }) {
      const removed: Entry[] = [];
      const fits = ({ dueSince }: Entry): boolean => dueSince <= before;
      for (const [type, queue] of byType)
        if (isWanted(types, type)) removed.push(...queue.remove(now, fits, limit - removed.length));
      return removed;
    },
    oldest(now) {
      let oldest = Infinity;
      for (const queue of byType.values()) oldest = Math.min(oldest, queue.oldest(now));
      return oldest;
    },
    unwanted(types) {
      let sum = 0;
      for (const [type, queue] of byType) if (!isWanted(types, type)) sum += queue.size;
      return sum;
    },
  };
}

/** Whether a filter lets a type through; none lets all through. */
export function isWanted(filter: TypeFilter | undefined, type: string): boolean {
  if (filter === undefined) return true;
  return 'only' in filter ? filter.only.includes(type) : !filter.except.includes(type);
}

/** What may be taken just now. */
export interface Takeable {
  /** Whether nothing of this subject may be taken. */
  readonly isExcluded: (subject: string) => boolean;
  /** Whether what has an unfinished start may be taken. */
  readonly lapsed: boolean;
}

/**
 * The due entries of one type, oldest first: a line of those that were due when they came, a bag of retries that wait
 * for their time, a line of retries whose time has come, and lines of what had to be passed over. Each entry is passed
 * over once, not at every take.
 */
export interface DueQueue {
  readonly size: number;
  add(entry: Entry, now: number): void;
  /** The next entry that may be taken, left where it is, or `undefined`. */
  peek(now: number, takeable: Takeable): Entry | undefined;
  /** Removes the entry that `peek` gave. */
  shift(entry: Entry): void;
  /** Removes up to `limit` entries that fit, none that waits for its time; resolves with them. */
  remove(now: number, fits: (entry: Entry) => boolean, limit: number): readonly Entry[];
  /** When the first of those that wait no longer for their time was due; Infinity when none is. */
  oldest(now: number): number;
}

/** An empty queue. */
export function createDueQueue(): DueQueue {
  const fresh = createFifo<Entry>();
  const ready = createFifo<Entry>();
  const recovered = createFifo<Entry>();
  /** By subject: what came while another of its subject was being worked on. */
  const waitingForSubject = new Map<string, Fifo<Entry>>();
  const delayed = new DelayedEntries();
  let size = 0;

  function wakeDelayed(now: number): void {
    for (let entry = delayed.shift(now); entry !== undefined; entry = delayed.shift(now))
      (isRecovered(entry) ? recovered : ready).push(entry);
  }

  function setAside(entry: Entry): void {
    const { subject } = entry.delivery;
    const line = waitingForSubject.get(subject) ?? createFifo<Entry>();
    waitingForSubject.set(subject, line);
    line.push(entry);
  }

  /** The first of a line whose subject is free; what stands before it is set aside. */
  function firstFree(line: Fifo<Entry>, { isExcluded }: Takeable): Entry | undefined {
    for (let entry = line.peek(); entry !== undefined; entry = line.peek()) {
      const { subject } = entry.delivery;
      if (!waitingForSubject.has(subject) && !isExcluded(subject)) return entry;
      line.shift();
      setAside(entry);
    }
    return undefined;
  }

  function* candidates(takeable: Takeable): Generator<Entry | undefined> {
    yield firstFree(fresh, takeable);
    yield firstFree(ready, takeable);
    if (takeable.lapsed) yield firstFree(recovered, takeable);
    for (const [subject, line] of waitingForSubject) {
      const entry = line.peek();
      if (entry === undefined) waitingForSubject.delete(subject);
      else if (!takeable.isExcluded(subject) && (takeable.lapsed || !isRecovered(entry)))
        yield entry;
    }
  }

  return {
    get size() {
      return size;
    },
    add(entry, now) {
      size += 1;
      if (entry.at > now) delayed.push(entry);
      else (isRecovered(entry) ? recovered : fresh).push(entry);
    },
    peek(now, takeable) {
      wakeDelayed(now);
      let first: Entry | undefined;
      for (const entry of candidates(takeable))
        if (entry !== undefined && (first === undefined || isBefore(entry, first))) first = entry;
      return first;
    },
    shift(entry) {
      size -= 1;
      const aside = waitingForSubject.get(entry.delivery.subject);
      const line = [fresh, ready, recovered].find((one) => one.peek() === entry) ?? aside;
      line?.shift();
      if (aside !== undefined && aside.peek() === undefined)
        waitingForSubject.delete(entry.delivery.subject);
    },
    remove(now, fits, limit) {
      wakeDelayed(now);
      const removed: Entry[] = [];
      for (const line of [fresh, ready, recovered, ...waitingForSubject.values()]) {
        if (removed.length >= limit) break;
        removed.push(...line.remove(fits, limit - removed.length));
      }
      size -= removed.length;
      return removed;
    },
    oldest(now) {
      wakeDelayed(now);
      let oldest = Infinity;
      for (const line of [fresh, ready, recovered, ...waitingForSubject.values()])
        oldest = Math.min(oldest, line.peek()?.at ?? Infinity);
      return oldest;
    },
  };
}

/** Retries that wait for their time, the next first: a binary heap. */
class DelayedEntries {
  readonly #heap: Entry[] = [];

  push(entry: Entry): void {
    const heap = this.#heap;
    let place = heap.length;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(entry, above)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = entry;
  }

  /** Removes and returns the next whose time has come. */
  shift(now: number): Entry | undefined {
    const [first] = this.#heap;
    if (first === undefined || first.at > now) return undefined;
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(entry: Entry): void {
    const heap = this.#heap;
    let place = 0;
    for (;;) {
      const [left, right] = [heap[2 * place + 1], heap[2 * place + 2]];
      const isRight = left !== undefined && right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (child === undefined || isBefore(entry, child)) break;
      heap[place] = child;
      place = 2 * place + (isRight ? 2 : 1);
    }
    heap[place] = entry;
  }
}

/** Whether an earlier start never finished. */
export function isRecovered({ started, finished }: Entry): boolean {
  return started > finished;
}

/** Whether one entry is due earlier than another. */
export function isBefore(one: Entry, other: Entry): boolean {
  return one.at < other.at || (one.at === other.at && one.sequence < other.sequence);
}
