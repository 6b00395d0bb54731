import { systemClock, type Clock } from '../clock.js';
import { QBitFlowError } from '../errors.js';
import type {
  Claim,
  DurableStore,
  NewDelivery,
  RecordOutcome,
  TakenDelivery,
} from './durable-store.js';
import { createDueQueue } from './memory/due-queue.js';
import { createEntryMemory } from './memory/entry-memory.js';
import { addNames, forgetBody, newEntry, takenView, viewOf, type Entry } from './memory/entry.js';
import { pageOf, statsOf } from './memory/listing.js';
import { createRunningEntries } from './memory/running-entries.js';

/** Bounds of a memory store. */
export interface MemoryStoreOptions {
  /** Deliveries not yet done, dead letters included; more are refused with `store_full`, a 503. @default 10,000 */
  readonly maxOpen?: number;
  /** Bytes of bodies not yet done. @default 64 MiB */
  readonly maxOpenBytes?: number;
  /** Done deliveries remembered against duplicates, without their bodies. @default 100,000 */
  readonly maxDone?: number;
  /** @default the machine's clock */
  readonly clock?: Clock;
}

/**
 * Keeps deliveries in this process: bounded, fast, and gone with the process. The default, right for development and
 * for merchants whose `recover()` fetches back what a crash lost.
 */
export function memoryStore(options: MemoryStoreOptions = {}): DurableStore {
  const {
    maxOpen = 10_000,
    maxOpenBytes = 67_108_864,
    maxDone = 100_000,
    clock = systemClock,
  } = options;
  const memory = createEntryMemory(maxDone);
  const running = createRunningEntries();
  const due = createDueQueue();
  let open = 0;
  let openBytes = 0;
  let sequence = 0;
  let tokens = 0;

  function held({ key, token }: Claim): Entry | undefined {
    const entry = memory.get(key);
    return entry?.state === 'running' && entry.token === token ? entry : undefined;
  }

  function admit(delivery: NewDelivery): void {
    if (open < maxOpen && openBytes + delivery.raw.length <= maxOpenBytes) return;
    throw new QBitFlowError(
      'store_full',
      `the memory store holds ${open} deliveries that are not done: handlers are too slow or failing, or dead letters pile up; use a durable store`,
      { facts: { open, openBytes } },
    );
  }

  function noLongerOpen(entry: Entry): void {
    open -= 1;
    openBytes -= entry.delivery.raw.length;
  }

  function makeDue(entry: Entry, delayMs: number): void {
    const now = clock.now();
    running.delete(entry);
    entry.state = 'due';
    entry.at = now + delayMs;
    due.add(entry, now);
  }

  function record(delivery: NewDelivery): RecordOutcome {
    const known = memory.get(delivery.key);
    if (known !== undefined) return { status: 'duplicate', state: known.state };
    admit(delivery);
    sequence += 1;
    const entry = newEntry(delivery, sequence, clock);
    memory.add(entry);
    open += 1;
    openBytes += delivery.raw.length;
    if (entry.state === 'due') due.add(entry, entry.at);
    return { status: 'recorded' };
  }

  function take(entry: Entry, leaseMs: number): TakenDelivery {
    const lapsed = entry.started > entry.finished;
    if (!lapsed) entry.started += 1;
    entry.startsCounted = lapsed ? 0 : 1;
    tokens += 1;
    entry.token = String(tokens);
    entry.state = 'running';
    entry.at = clock.now() + leaseMs;
    running.add(entry);
    return takenView(entry, lapsed);
  }

  /** Lapsed leases first: they have waited longest, and a stream of fresh work must not starve them. */
  function* dueBy(now: number): Generator<Entry> {
    yield* running.lapsed(now);
    for (let entry = due.next(now); entry !== undefined; entry = due.next(now)) yield entry;
  }

  return {
    name: 'memory',
    durable: false,
    // async: a full store rejects instead of throwing at the caller.
    record: async (delivery) => record(delivery),
    async takeDue({ limit, leaseMs }) {
      const taken: TakenDelivery[] = [];
      if (limit <= 0) return taken;
      for (const entry of dueBy(clock.now())) {
        taken.push(take(entry, leaseMs));
        // Asking for one more would take it out of the queue.
        if (taken.length === limit) break;
      }
      return taken;
    },
    async extend(claim, { leaseMs, succeeded, start = false }) {
      const entry = held(claim);
      if (entry === undefined) return 'lost';
      entry.at = clock.now() + leaseMs;
      entry.succeeded = addNames(entry.succeeded, succeeded);
      if (start) {
        entry.started += 1;
        entry.startsCounted += 1;
      }
      return 'ok';
    },
    async complete(claim, { succeeded }) {
      const entry = held(claim);
      if (entry === undefined) return 'lost';
      running.delete(entry);
      noLongerOpen(entry);
      forgetBody(entry);
      entry.state = 'done';
      entry.at = clock.now();
      entry.finished = entry.started;
      entry.succeeded = addNames(entry.succeeded, succeeded);
      memory.done();
      return 'ok';
    },
    async retry(claim, { delayMs, error, succeeded, counted = true }) {
      const entry = held(claim);
      if (entry === undefined) return 'lost';
      entry.succeeded = addNames(entry.succeeded, succeeded);
      entry.lastError = error;
      if (counted) entry.finished = entry.started;
      else entry.started -= entry.startsCounted;
      makeDue(entry, delayMs);
      return 'ok';
    },
    async bury(claim, { error, succeeded }) {
      const entry = held(claim);
      if (entry === undefined) return 'lost';
      running.delete(entry);
      entry.state = 'dead';
      entry.at = clock.now();
      entry.finished = entry.started;
      entry.lastError = error;
      entry.succeeded = addNames(entry.succeeded, succeeded);
      return 'ok';
    },
    async replay(key) {
      const entry = memory.get(key);
      if (entry?.state !== 'dead') return false;
      entry.started = 0;
      entry.finished = 0;
      makeDue(entry, 0);
      return true;
    },
    async discard(key) {
      const entry = memory.get(key);
      if (entry?.state !== 'dead') return false;
      noLongerOpen(entry);
      memory.delete(entry);
      return true;
    },
    async get(key) {
      const entry = memory.get(key);
      return entry === undefined ? undefined : viewOf(entry, { bytes: true });
    },
    list: async (filter) => pageOf([...memory.entries()], filter),
    stats: async () => statsOf(memory.entries(), clock.now()),
    async prune({ doneForMs, limit }) {
      const before = clock.now() - doneForMs;
      const old = [...memory.entries()]
        .filter((entry) => entry.state === 'done' && entry.at <= before)
        .slice(0, limit);
      for (const entry of old) memory.delete(entry);
      return old.length;
    },
    async close() {
      // Nothing was opened; what is held stays readable.
    },
  };
}
