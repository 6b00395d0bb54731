import type {
  DurableStore,
  NewDelivery,
  PruneOptions,
  RecordOutcome,
  SettleOptions,
  TakeOptions,
  TakenDelivery,
} from '@qbitflow/core';
import {
  readPageRequest,
  toPage,
  type DeliveryPage,
  type ListFilter,
  type RecordOptions,
  type StoreStats,
  type StoredDelivery,
  type TypeFilter,
} from '@qbitflow/core/store';
import {
  checkedDelayMs,
  checkedLeaseMs,
  checkedStart,
  isHeld,
  isOfType,
  merged,
  modelData,
  newRow,
  storedView,
  takenView,
  type ModelData,
  type Row,
} from './model-data.js';

/** What is done when a transaction commits. */
type Transaction = (() => Promise<unknown>)[];

const isTransaction = (tx: unknown): tx is Transaction => Array.isArray(tx);

/**
 * A correct durable store as plain as the contract can be written down: nothing is fast, everything is one synchronous
 * step. Broken stores are made of it.
 */
export function plainStore(data: ModelData): DurableStore {
  return {
    ...transitions(data),
    name: 'model',
    durable: false,
    record: async (delivery, options) => record(data, delivery, options),
    async takeDue(options) {
      checkedLeaseMs(options.leaseMs);
      return take(data, options);
    },
    settleUnhandled: async (options) => settleUnhandled(data, options),
    async get(key) {
      const row = data.rows.get(key);
      return row && storedView(row);
    },
    list: async (filter) => list(data, filter),
    stats: async ({ handled } = {}) => stats(data, handled),
    prune: async (options) => prune(data, options),
    knownSince: async () => data.knownSince,
    close: async () => undefined,
  };
}

/** The same with everything that a store may have, its data outliving it: the suite is tried on it. */
export function modelStore(data: ModelData = modelData()): DurableStore {
  const store = plainStore(data);
  return {
    ...store,
    durable: true,
    onDue(listener) {
      const own = { call: listener };
      data.listeners.add(own);
      return () => data.listeners.delete(own);
    },
    async completeWithin(tx, claim, { succeeded, done }) {
      if (!isTransaction(tx)) throw new Error('not a transaction of this store');
      const row = data.rows.get(claim.key);
      if (!isHeld(row, claim)) return 'lost';
      const remember = async () => {
        row.succeeded = merged(row.succeeded, succeeded);
      };
      tx.push(done ? async () => store.complete(claim, { succeeded }) : remember);
      return 'ok';
    },
  };
}

/** Runs `work` in a transaction of a merchant's that `completeWithin` can join. */
export async function inTransaction(work: (tx: unknown) => Promise<void>): Promise<void> {
  const tx: Transaction = [];
  await work(tx);
  for (const write of tx) await write();
}

const isReady = ({ state, waits, at }: Row, now: number): boolean =>
  state === 'due' ? !waits || at <= now : state === 'running' && at <= now;

const isLapsed = ({ started, finished }: Row): boolean => started > finished;

/** What may be taken with these options, oldest due first. */
function* candidates(data: ModelData, options: TakeOptions): Generator<Row> {
  const { limit, types = { except: [] }, exceptSubjects = [], lapsedLimit = limit } = options;
  const now = data.now();
  const taken = new Set<string>(exceptSubjects);
  let lapsed = 0;
  for (const row of [...data.rows.values()].toSorted((a, b) => a.at - b.at)) {
    const { subject, type } = row.delivery;
    if (!isReady(row, now) || !isOfType(types, type) || taken.has(subject)) continue;
    if (isLapsed(row) && lapsed >= lapsedLimit) continue;
    if (isLapsed(row)) lapsed += 1;
    taken.add(subject);
    yield row;
  }
}

export function take(data: ModelData, options: TakeOptions): TakenDelivery[] {
  const taken: TakenDelivery[] = [];
  const chosen = [...candidates(data, options)].slice(0, Math.max(0, Math.floor(options.limit)));
  for (const row of chosen) taken.push(takenView(row, takeRow(data, row, options.leaseMs)));
  return taken;
}

/** Tells whether an earlier start never finished. */
function takeRow(data: ModelData, row: Row, leaseMs: number): boolean {
  const lapsed = isLapsed(row);
  row.startedBefore = row.started;
  if (!lapsed) row.started += 1;
  data.tokens += 1;
  row.token = String(data.tokens);
  row.state = 'running';
  row.at = data.now() + leaseMs;
  return lapsed;
}

type Transitions = Pick<
  DurableStore,
  'extend' | 'complete' | 'retry' | 'bury' | 'replay' | 'discard'
>;

function completeWithBody({ delivery }: Row, later: NewDelivery): Row['webhook'] {
  if (delivery.source === 'webhook' || later.source !== 'webhook') return undefined;
  const { id, version, raw, headers, receivedAt } = later;
  return { id, version, raw, headers, receivedAt };
}

export function record(
  data: ModelData,
  delivery: NewDelivery,
  { leaseMs }: RecordOptions = {},
): RecordOutcome {
  const heldMs = leaseMs === undefined ? undefined : checkedLeaseMs(leaseMs);
  if (data.tombstones.has(delivery.key)) return { status: 'duplicate', state: 'done' };
  const known = data.rows.get(delivery.key);
  if (known !== undefined) {
    known.webhook ??= completeWithBody(known, delivery);
    return { status: 'duplicate', state: known.state };
  }
  const row = newRow(data, delivery);
  data.rows.set(delivery.key, row);
  if (heldMs !== undefined && row.state === 'due') {
    takeRow(data, row, heldMs);
    return { status: 'recorded', taken: { token: row.token, dueSince: row.dueSince } };
  }
  announce(data, delivery.subject);
  return { status: 'recorded' };
}

export function announce({ listeners }: ModelData, subject: string | undefined): void {
  for (const { call } of listeners) call(subject);
}

function end(data: ModelData, row: Row, state: 'done' | 'dead'): void {
  row.state = state;
  row.at = data.now();
  row.finished = row.started;
}

export function transitions(data: ModelData): Transitions {
  const held = (claim: { key: string; token: string }): Row | undefined => {
    const row = data.rows.get(claim.key);
    return isHeld(row, claim) ? row : undefined;
  };
  return {
    async extend(claim, { leaseMs, succeeded, start }) {
      const row = held(claim);
      if (row === undefined) return 'lost';
      const started = start === undefined ? row.started : checkedStart(start);
      row.at = data.now() + checkedLeaseMs(leaseMs);
      row.succeeded = merged(row.succeeded, succeeded);
      row.started = started;
      return 'ok';
    },
    async complete(claim, { succeeded }) {
      const row = held(claim);
      if (row === undefined) return 'lost';
      row.succeeded = merged(row.succeeded, succeeded);
      end(data, row, 'done');
      return 'ok';
    },
    async retry(claim, { delayMs, error, succeeded, counted = true }) {
      const row = held(claim);
      if (row === undefined) return 'lost';
      const waitMs = checkedDelayMs(delayMs);
      row.succeeded = merged(row.succeeded, succeeded);
      row.lastError = error;
      row.state = 'due';
      row.at = data.now() + waitMs;
      row.waits = waitMs > 0;
      if (counted) row.finished = row.started;
      else row.started = row.startedBefore;
      return 'ok';
    },
    async bury(claim, { error, succeeded }) {
      const row = held(claim);
      if (row === undefined) return 'lost';
      row.succeeded = merged(row.succeeded, succeeded);
      row.lastError = error;
      end(data, row, 'dead');
      return 'ok';
    },
    async replay(key) {
      const row = data.rows.get(key);
      if (row?.state !== 'dead' && row?.state !== 'done') return false;
      const now = data.now();
      if (row.state === 'done') row.succeeded = [];
      const afresh = { started: 0, finished: 0, unhandled: false, waits: false };
      Object.assign(row, { ...afresh, state: 'due', at: now, dueSince: now });
      announce(data, undefined);
      return true;
    },
    async discard(key) {
      if (data.rows.get(key)?.state !== 'dead') return false;
      data.rows.delete(key);
      data.tombstones.set(key, data.now());
      return true;
    },
  };
}

/** The first `limit` of them; none for a limit that means none. */
function* upTo<T>(limit: number, some: Iterable<T>): Generator<T> {
  let left = Math.floor(limit);
  for (const one of some) {
    if (left <= 0) return;
    left -= 1;
    yield one;
  }
}

function forget(data: ModelData, { keepKeysMs = Infinity, limit }: PruneOptions): number {
  const now = data.now();
  const old = [...data.tombstones].filter(([, at]) => now - at > keepKeysMs);
  const oldest = old.toSorted(([, a], [, b]) => a - b);
  let forgotten = 0;
  for (const [key, at] of upTo(limit, oldest)) {
    data.tombstones.delete(key);
    data.knownSince = Math.max(data.knownSince, at);
    forgotten += 1;
  }
  return forgotten;
}

export function prune(data: ModelData, options: PruneOptions): number {
  const now = data.now();
  const forgotten = forget(data, options);
  const old = [...data.rows].filter(
    ([, { state, at }]) => state === 'done' && now - at >= options.doneForMs,
  );
  let dropped = 0;
  for (const [key, { at }] of upTo(options.limit, old)) {
    data.rows.delete(key);
    data.tombstones.set(key, at);
    dropped += 1;
  }
  return forgotten + dropped;
}

export function settleUnhandled(
  data: ModelData,
  { types, dueForMs, limit }: SettleOptions,
): number {
  const now = data.now();
  const unseen = [...data.rows.values()].filter(
    ({ state, waits, at, dueSince, delivery }) =>
      state === 'due' &&
      (!waits || at <= now) &&
      now - dueSince >= dueForMs &&
      isOfType(types, delivery.type),
  );
  let settled = 0;
  for (const row of upTo(limit, unseen)) {
    Object.assign(row, { state: 'done', at: now, unhandled: true });
    settled += 1;
  }
  return settled;
}

const EMPTY = new Uint8Array(0);

const matches = (value: string, wanted: string | undefined): boolean =>
  wanted === undefined || value === wanted;

function withoutBodies({ webhook, ...facts }: StoredDelivery): StoredDelivery {
  const listed = { ...facts, raw: EMPTY };
  return webhook === undefined ? listed : { ...listed, webhook: { ...webhook, raw: EMPTY } };
}

export function list({ rows }: ModelData, filter: ListFilter): DeliveryPage {
  const { state, type, subject, unhandled = false } = filter;
  const request = readPageRequest('model', filter);
  const below = Number(request.below ?? Infinity);
  const isWanted = (row: Row) =>
    matches(row.state, state) &&
    matches(row.delivery.type, type) &&
    matches(row.delivery.subject, subject) &&
    (!unhandled || row.unhandled);
  // A Map keeps the order of recording.
  const all = [...rows.values()].toReversed();
  return toPage('model', request, {
    rows: all.filter((row) => row.order < below && isWanted(row)),
    read: (row) => withoutBodies(storedView(row)),
    sequenceOf: ({ order }) => String(order),
  });
}

export function stats(data: ModelData, handled: TypeFilter | undefined): StoreStats {
  const rows = [...data.rows.values()];
  const now = data.now();
  const due = rows.filter(({ state }) => state === 'due');
  const count = (wanted: string) => rows.filter(({ state }) => state === wanted).length;
  const ready = due.filter(({ waits, at }) => !waits || at <= now).map(({ at }) => now - at);
  const unseen = due.filter(
    ({ delivery }) => handled !== undefined && !isOfType(handled, delivery.type),
  );
  return {
    due: due.length,
    running: count('running'),
    done: count('done'),
    dead: count('dead'),
    unhandled: rows.filter(({ unhandled }) => unhandled).length + unseen.length,
    oldestDueAgeMs: Math.max(0, ...ready),
  };
}
