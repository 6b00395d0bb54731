import { systemClock, type Clock } from '../clock.js';
import { asError, QBitFlowError } from '../errors.js';
import { assertKnownOptions } from '../known-options.js';
import { settled, startingNothing } from '../settled.js';
import type {
  Claim,
  ClaimOutcome,
  DurableStore,
  NewDelivery,
  Progress,
  RecordOptions,
  RecordOutcome,
  TakenDelivery,
  TakeOptions,
} from './durable-store.js';
import { ageOf, countOf, startOf, waitOf } from './memory-arguments.js';
import { KeptAttempts } from './memory-attempts.js';
import { DoneEntries, DoneEntry, type KeptEntry, openedOf } from './memory-done.js';
import { createEntryMemory, createRunningEntries } from './memory-index.js';
import { Tombstones } from './memory-keys.js';
import { EntryLog } from './memory-log.js';
import { Notes } from './memory-notes.js';
import { pageOf } from './memory-page.js';
import { isRecovered, createDueQueues, isWanted } from './memory-queue.js';
import {
  addNames,
  completeByWebhook,
  hasBody,
  newEntry,
  takenView,
  viewOf,
  type Entry,
  statsOf,
} from './memory-entry.js';

/** Bounds of a memory store. */
export interface MemoryStoreOptions {
  /** Deliveries not yet done, dead letters included; more are refused with `store_full`, a 503. @default 10,000 */
  readonly maxOpen?: number;
  /** Bytes of bodies not yet done. @default 64 MiB */
  readonly maxOpenBytes?: number;
  /** Done deliveries that can be listed; of older ones the key alone is kept. @default 100,000 */
  readonly maxDone?: number;
  /** Bytes of bodies of done deliveries, kept for replays; older bodies go first. @default 8 MiB */
  readonly maxDoneBytes?: number;
  /** Keys remembered without their delivery; older ones are forgotten, and what they name is not recorded from a page. @default 250,000 */
  readonly maxKeys?: number;
  /** @default the machine's clock */
  readonly clock?: Clock;
}

const NAMES = Object.keys({
  maxOpen: true,
  maxOpenBytes: true,
  maxDone: true,
  maxDoneBytes: true,
  maxKeys: true,
  clock: true,
} satisfies Record<keyof MemoryStoreOptions, true>);

/** Who holds an entry, and for how long from when. */
interface Holding {
  readonly leaseMs: number;
  readonly holder: string | undefined;
  readonly now: number;
}

const RECORDED: RecordOutcome = Object.freeze({ status: 'recorded' });

/**
 * Keeps deliveries in this process: bounded, fast, and gone with the process. The default, right for development and
 * tests; in production use `@qbitflow/store-sqlite` on one machine, `-redis` or `-postgres` on several. It remembers
 * nothing from before it was made: pages and `recover()` leave that to the webhooks.
 * @throws `misconfigured` for an option that does not exist
 * @example
 * ```js
 * import { createQBitFlow, memoryStore } from '@qbitflow/core';
 *
 * const qbitflow = createQBitFlow({ store: memoryStore() }); // for tests: it forgets with the process
 * ```
 */
export function memoryStore(options: MemoryStoreOptions = {}): DurableStore {
  assertKnownOptions('memoryStore', options, NAMES);
  const { maxOpen = 10_000, maxOpenBytes = 67_108_864, clock = systemClock } = options;
  const { maxDone = 100_000, maxDoneBytes = 8_388_608, maxKeys = 250_000 } = options;
  const tombstones = new Tombstones(maxKeys);
  const log = new EntryLog();
  const memory = createEntryMemory(maxDone, bury);
  const done = new DoneEntries(maxDoneBytes);
  const running = createRunningEntries();
  const due = createDueQueues();
  const attempts = new KeptAttempts();
  const notes = new Notes();
  const bornAt = clock.now();
  let open = 0;
  let openBytes = 0;
  let tokens = 0;

  function held({ key, token }: Claim): Entry | undefined {
    const entry = memory.get(key);
    return entry?.state === 'running' && entry.token === token ? entry : undefined;
  }

  /** Leaves the key alone. */
  function bury(entry: KeptEntry): void {
    log.remove(entry);
    tombstones.add(entry.key, entry.at);
  }

  function admit(delivery: NewDelivery): void {
    if (open < maxOpen && openBytes + delivery.raw.length <= maxOpenBytes) return;
    throw new QBitFlowError(
      'store_full',
      `the memory store holds ${open} deliveries that are not done: handlers are too slow or failing, or dead letters pile up; use a durable store`,
      { facts: { open, openBytes } },
    );
  }

  function count(entry: Entry, by: 1 | -1): void {
    open += by;
    openBytes += by * entry.delivery.raw.length;
  }

  function release(entry: Entry): void {
    running.delete(entry);
    entry.takenAt = undefined;
  }

  function makeDue(entry: Entry, delayMs: number): void {
    const now = clock.now();
    release(entry);
    log.move(entry, 'due');
    entry.at = now + delayMs;
    due.add(entry, now);
  }

  function makeDone(entry: Entry, now: number): void {
    count(entry, -1);
    entry.at = now;
    log.move(entry, 'done');
    entry.event = undefined;
    keepInPlaceOf(entry, done.add(entry));
    memory.done();
  }

  function keepInPlaceOf(before: KeptEntry, after: KeptEntry): void {
    if (before === after) return;
    memory.replace(before, after);
    log.replace(before, after);
  }

  function record(delivery: NewDelivery, { leaseMs, holder }: RecordOptions = {}): RecordOutcome {
    const heldMs = leaseMs === undefined ? undefined : waitOf('leaseMs', leaseMs);
    const known = memory.get(delivery.key);
    if (known !== undefined) {
      known.duplicates += 1;
      if (!(known instanceof DoneEntry)) completeByWebhook(known, delivery);
      return { status: 'duplicate', state: known.state };
    }
    if (tombstones.has(delivery.key)) return { status: 'duplicate', state: 'done' };
    admit(delivery);
    const now = clock.now();
    const entry = newEntry(delivery, log.nextSequence(), now);
    memory.add(entry);
    log.add(entry);
    count(entry, 1);
    if (entry.state === 'done') makeDone(entry, now);
    if (entry.state !== 'due') return RECORDED;
    if (heldMs === undefined) {
      due.add(entry, entry.at);
      return RECORDED;
    }
    hold(entry, { leaseMs: heldMs, holder, now });
    return { status: 'recorded', taken: { token: entry.token, dueSince: entry.dueSince } };
  }

  /** Whether an earlier start never finished. */
  function hold(entry: Entry, { leaseMs, holder, now }: Holding): boolean {
    const lapsed = isRecovered(entry);
    entry.startedBefore = entry.started;
    if (!lapsed) entry.started += 1;
    tokens += 1;
    entry.token = String(tokens);
    entry.holder = holder;
    log.move(entry, 'running');
    entry.takenAt = now;
    entry.at = now + leaseMs;
    running.add(entry);
    return lapsed;
  }

  /** Lapsed leases first: they have waited longest, and a stream of fresh work must not starve them. */
  function takeDue({ types, exceptSubjects, holder, ...numbers }: TakeOptions): TakenDelivery[] {
    const leaseMs = waitOf('leaseMs', numbers.leaseMs);
    const limit = countOf('limit', numbers.limit);
    const taken: TakenDelivery[] = [];
    const subjects = new Set(exceptSubjects);
    const now = clock.now();
    let lapsedLeft = countOf('lapsedLimit', numbers.lapsedLimit ?? limit);
    const add = (entry: Entry): void => {
      const delivery = takenView(entry, hold(entry, { leaseMs, holder, now }));
      subjects.add(delivery.subject);
      if (delivery.lapsed) lapsedLeft -= 1;
      taken.push(delivery);
    };
    for (const entry of running.lapsed(now)) {
      const { type, subject } = entry.delivery;
      if (taken.length >= limit || lapsedLeft <= 0) break;
      if (isWanted(types, type) && !subjects.has(subject)) add(entry);
    }
    const isExcluded = (subject: string): boolean => subjects.has(subject);
    while (taken.length < limit) {
      const entry = due.next(now, types, { isExcluded, lapsed: lapsedLeft > 0 });
      if (entry === undefined) break;
      add(entry);
    }
    return taken;
  }

  function complete(claim: Claim, { succeeded, attempt }: Progress): ClaimOutcome {
    const entry = held(claim);
    if (entry === undefined) return 'lost';
    release(entry);
    entry.finished = entry.started;
    entry.succeeded = addNames(entry.succeeded, succeeded);
    attempts.add(entry, attempt);
    makeDone(entry, clock.now());
    return 'ok';
  }

  return startingNothing({
    name: 'memory',
    durable: false,
    record: (delivery, recordOptions) => atOnce(() => record(delivery, recordOptions)),
    takeDue: async (takeOptions) => takeDue(takeOptions),
    async extend(claim, { leaseMs, succeeded, start }) {
      const renewedMs = waitOf('leaseMs', leaseMs);
      const started = start === undefined ? undefined : startOf(start);
      const entry = held(claim);
      if (entry === undefined) return 'lost';
      entry.at = clock.now() + renewedMs;
      running.add(entry);
      entry.succeeded = addNames(entry.succeeded, succeeded);
      entry.started = started ?? entry.started;
      return 'ok';
    },
    complete: (claim, progress) => settled(complete(claim, progress)),
    async retry(claim, { delayMs, error, succeeded, attempt, counted = true }) {
      const waitMs = waitOf('delayMs', delayMs);
      const entry = held(claim);
      if (entry === undefined) return 'lost';
      entry.succeeded = addNames(entry.succeeded, succeeded);
      log.fail(entry, error);
      attempts.add(entry, attempt);
      if (counted) entry.finished = entry.started;
      else entry.started = entry.startedBefore;
      makeDue(entry, waitMs);
      return 'ok';
    },
    async bury(claim, { error, succeeded, attempt }) {
      const entry = held(claim);
      if (entry === undefined) return 'lost';
      release(entry);
      entry.at = clock.now();
      log.move(entry, 'dead');
      entry.finished = entry.started;
      log.fail(entry, error);
      entry.succeeded = addNames(entry.succeeded, succeeded);
      attempts.add(entry, attempt);
      return 'ok';
    },
    async replay(key) {
      const kept = memory.get(key);
      if (kept === undefined || (kept.state !== 'dead' && kept.state !== 'done')) return false;
      const entry = openedOf(kept);
      if (entry.state === 'done') {
        if (!hasBody(entry)) return false;
        keepInPlaceOf(kept, entry);
        count(entry, 1);
        entry.succeeded = [];
      }
      entry.started = 0;
      entry.finished = 0;
      entry.dueSince = clock.now();
      makeDue(entry, 0);
      entry.unhandled = false;
      return true;
    },
    async discard(key) {
      const entry = memory.get(key);
      if (entry?.state !== 'dead') return false;
      count(entry, -1);
      memory.delete(entry);
      entry.at = clock.now();
      bury(entry);
      return true;
    },
    async settleUnhandled({ types, dueForMs, limit }) {
      const now = clock.now();
      const before = now - ageOf('dueForMs', dueForMs);
      const left = due.remove(types, before, { now, limit: countOf('limit', limit) });
      for (const entry of left) {
        entry.unhandled = true;
        makeDone(entry, now);
      }
      return left.length;
    },
    async get(key) {
      const entry = memory.get(key);
      return entry === undefined ? undefined : viewOf(openedOf(entry), { bytes: true });
    },
    list: async (filter) => pageOf(log, filter),
    stats: async ({ handled } = {}) => statsOf(log, due, { now: clock.now(), handled }),
    async prune({ doneForMs, keepKeysMs = Infinity, limit }) {
      const now = clock.now();
      const most = countOf('limit', limit);
      const doneBefore = now - ageOf('doneForMs', doneForMs);
      const keysBefore = now - ageOf('keepKeysMs', keepKeysMs);
      const old = log.doneBefore(doneBefore, most);
      for (const entry of old) {
        memory.delete(entry);
        bury(entry);
      }
      return old.length + tombstones.forget(keysBefore, most);
    },
    knownSince: async () => Math.max(bornAt, tombstones.forgottenUntil),
    putNote: async (name, text, { keepMs }) => notes.put(name, text, { keepMs, now: clock.now() }),
    notes: async (prefix) => notes.below(prefix, clock.now()),
    async close() {
      // Nothing was opened; what is held stays readable.
    },
  });
}

/** What the hot path need not wait for. A full store rejects instead of throwing at the caller. */
function atOnce<Value extends object | string>(work: () => Value): Promise<Value> {
  try {
    return settled(work());
  } catch (error) {
    return Promise.reject(asError(error));
  }
}
