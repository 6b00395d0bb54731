import {
  errorSearch,
  KEPT_ATTEMPTS,
  MOST_SEARCHED,
  QBitFlowError,
  readFilter,
  readPageRequest,
  toPage,
  type DeliveryPage,
  type DurableStore,
  type ListFilter,
  type NewDelivery,
  type Progress,
  type PruneOptions,
  type ReadFilter,
  type RecordOptions,
  type RecordOutcome,
  type SettleOptions,
  type StoredDelivery,
  type StoreNote,
  type StoreStats,
  type TakenDelivery,
  type TakeOptions,
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

/** The version of what the model keeps. */
const SCHEMA = 3;

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
    schema: async () => ({ found: data.schema, current: SCHEMA }),
    async init() {
      data.schema = SCHEMA;
    },
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
    putNote: async (...note) => putNote(data, ...note),
    notes: async (prefix) => notes(data, prefix),
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
    async completeWithin(tx, claim, { done, ...progress }) {
      if (!isTransaction(tx)) throw new Error('not a transaction of this store');
      const row = data.rows.get(claim.key);
      if (!isHeld(row, claim)) return 'lost';
      const remember = async () => {
        row.succeeded = merged(row.succeeded, progress.succeeded);
      };
      tx.push(done ? async () => store.complete(claim, progress) : remember);
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
  for (const row of chosen) taken.push(takenView(row, takeRow(data, row, options)));
  return taken;
}

/** Tells whether an earlier start never finished. */
function takeRow(
  data: ModelData,
  row: Row,
  { leaseMs, holder }: Pick<TakeOptions, 'leaseMs' | 'holder'>,
): boolean {
  const lapsed = isLapsed(row);
  row.startedBefore = row.started;
  if (!lapsed) row.started += 1;
  data.tokens += 1;
  row.token = String(data.tokens);
  row.state = 'running';
  row.takenAt = data.now();
  row.at = row.takenAt + leaseMs;
  row.holder = holder;
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
  { leaseMs, holder }: RecordOptions = {},
): RecordOutcome {
  const heldMs = leaseMs === undefined ? undefined : checkedLeaseMs(leaseMs);
  if (data.tombstones.has(delivery.key)) return { status: 'duplicate', state: 'done' };
  const known = data.rows.get(delivery.key);
  if (known !== undefined) {
    known.duplicates += 1;
    known.webhook ??= completeWithBody(known, delivery);
    return { status: 'duplicate', state: known.state };
  }
  const row = newRow(data, delivery);
  data.rows.set(delivery.key, row);
  if (heldMs !== undefined && row.state === 'due') {
    takeRow(data, row, { leaseMs: heldMs, holder });
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

function keepAttempt(row: Row, { attempt }: Progress): void {
  if (attempt !== undefined) row.attempts = [...row.attempts, attempt].slice(-KEPT_ATTEMPTS);
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
    async complete(claim, progress) {
      const row = held(claim);
      if (row === undefined) return 'lost';
      row.succeeded = merged(row.succeeded, progress.succeeded);
      keepAttempt(row, progress);
      end(data, row, 'done');
      return 'ok';
    },
    async retry(claim, { delayMs, error, counted = true, ...progress }) {
      const row = held(claim);
      if (row === undefined) return 'lost';
      const waitMs = checkedDelayMs(delayMs);
      row.succeeded = merged(row.succeeded, progress.succeeded);
      keepAttempt(row, progress);
      row.lastError = error;
      row.state = 'due';
      row.at = data.now() + waitMs;
      row.waits = waitMs > 0;
      if (counted) row.finished = row.started;
      else row.started = row.startedBefore;
      return 'ok';
    },
    async bury(claim, { error, ...progress }) {
      const row = held(claim);
      if (row === undefined) return 'lost';
      row.succeeded = merged(row.succeeded, progress.succeeded);
      keepAttempt(row, progress);
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

function listed({ webhook, attempts: _attempts, ...facts }: StoredDelivery): StoredDelivery {
  const item = { ...facts, raw: EMPTY };
  return webhook === undefined ? item : { ...item, webhook: { ...webhook, raw: EMPTY } };
}

function isWanted(row: Row, filter: ReadFilter): boolean {
  const { state, type, subject, reference, unhandled = false } = filter;
  const { recordedFrom = -Infinity, recordedUntil = Infinity } = filter;
  const { delivery } = row;
  const same = (value: unknown, wanted: unknown) => wanted === undefined || value === wanted;
  return (
    same(row.state, state) &&
    same(delivery.type, type) &&
    same(delivery.subject, subject) &&
    same(delivery.reference, reference) &&
    row.recordedAt >= recordedFrom &&
    row.recordedAt < recordedUntil &&
    (!unhandled || row.unhandled)
  );
}

export function list({ rows }: ModelData, filter: ListFilter): DeliveryPage {
  const request = readPageRequest('model', filter);
  const { error, ...asked } = readFilter('model', filter);
  const below = Number(request.below ?? Infinity);
  // A Map keeps the order of recording.
  const all = [...rows.values()].toReversed();
  const found = all.filter((row) => row.order < below && isWanted(row, asked));
  const looked = error === undefined ? found : found.slice(0, MOST_SEARCHED);
  const fits = error === undefined ? () => true : errorSearch(error);
  return toPage('model', request, {
    rows: looked.filter((row) => fits(row.lastError)),
    read: (row) => listed(storedView(row)),
    sequenceOf: ({ order }) => String(order),
    stoppedAt: looked.length < found.length ? String(looked.at(-1)?.order) : undefined,
  });
}

const isNoteName = (name: string): boolean => /^[ -~]{1,200}$/.test(name);

export function putNote(
  data: ModelData,
  name: string,
  text: string,
  { keepMs }: { readonly keepMs: number },
): void {
  const isText = typeof text === 'string' && Buffer.byteLength(text) <= 65_536;
  if (typeof name !== 'string' || !isNoteName(name) || !isText || !Number.isFinite(keepMs))
    throw new QBitFlowError('misconfigured', 'a note has a name, a text and a time');
  const now = data.now();
  data.notes.set(name, { text, at: now, until: now + keepMs });
}

export function notes(data: ModelData, prefix: string): StoreNote[] {
  const now = data.now();
  const kept = [...data.notes];
  const found = kept.filter(([name, { until }]) => name.startsWith(prefix) && until > now);
  const inOrder = found.toSorted(([a], [b]) => (a < b ? -1 : 1)).slice(0, 10_000);
  return inOrder.map(([name, { text, at }]) => ({ name, text, at }));
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
