import {
  QBitFlowError,
  type Claim,
  type DeliveryState,
  type LaterWebhook,
  type NewDelivery,
  type AttemptRecord,
  type StoredDelivery,
  type TakenDelivery,
  type TypeFilter,
} from '@qbitflow/core';

/** Everything the model knows of one delivery. */
export interface Row {
  readonly delivery: NewDelivery;
  readonly recordedAt: number;
  /** Counts up: what was recorded in one millisecond has an order too. */
  readonly order: number;
  webhook?: LaterWebhook | undefined;
  state: DeliveryState;
  /** When it came due or will, when its lease ends, or when it was done or died. */
  at: number;
  /** When it was taken last. */
  takenAt?: number | undefined;
  /** Whether `at` is a wait that was asked for: all other due ones may be taken whatever the clock shows. */
  waits: boolean;
  dueSince: number;
  started: number;
  finished: number;
  /** What `started` was before this taking. */
  startedBefore: number;
  token: string;
  succeeded: readonly string[];
  lastError?: string | undefined;
  unhandled: boolean;
  duplicates: number;
  attempts: readonly AttemptRecord[];
  /** Who took it last. */
  holder?: string | undefined;
}

/** A note, and until when it is kept. */
export interface Note {
  readonly text: string;
  readonly at: number;
  readonly until: number;
}

/** A place where deliveries are kept; several connections may share one. */
export interface ModelData {
  readonly rows: Map<string, Row>;
  /** Keys without bodies, and when each was done or discarded. */
  readonly tombstones: Map<string, number>;
  readonly notes: Map<string, Note>;
  readonly listeners: Set<{ call: (subject: string | undefined) => void }>;
  /** The version that `init` has made. */
  schema: number | undefined;
  knownSince: number;
  recorded: number;
  tokens: number;
  now(): number;
  turnClock(byMs: number): void;
}

/** An empty place with a clock of its own. */
export function modelData(): ModelData {
  let turnedMs = 0;
  const now = () => Date.now() + turnedMs;
  return {
    rows: new Map(),
    tombstones: new Map(),
    notes: new Map(),
    listeners: new Set(),
    schema: undefined,
    knownSince: now(),
    recorded: 0,
    tokens: 0,
    now,
    turnClock(byMs) {
      turnedMs += byMs;
    },
  };
}

/** A row as it begins. */
export function newRow(data: ModelData, delivery: NewDelivery): Row {
  const { dead, unhandled } = delivery;
  const lastError = dead ?? unhandled;
  const now = data.now();
  data.recorded += 1;
  return {
    delivery,
    recordedAt: now,
    order: data.recorded,
    state: dead !== undefined ? 'dead' : unhandled !== undefined ? 'done' : 'due',
    at: now,
    waits: false,
    dueSince: now,
    started: 0,
    finished: 0,
    startedBefore: 0,
    token: '',
    succeeded: [],
    lastError,
    unhandled: unhandled !== undefined,
    duplicates: 0,
    attempts: [],
  };
}

/** What names a delivery, without what only says how to record it. */
function factsOf({ delivery }: Row) {
  const { dead: _dead, unhandled: _unhandled, event: _event, ...facts } = delivery;
  return facts;
}

/** As an operator sees it. */
export function storedView(row: Row): StoredDelivery {
  const { state, started, finished, succeeded, lastError, webhook, recordedAt } = row;
  const { at, takenAt = at } = row;
  return {
    ...factsOf(row),
    state,
    started,
    finished,
    succeeded,
    recordedAt,
    at: state === 'running' ? takenAt : at,
    duplicates: row.duplicates,
    attempts: row.attempts,
    ...(state === 'running' ? { holder: row.holder, leaseUntil: at } : {}),
    ...(lastError === undefined ? {} : { lastError }),
    ...(row.unhandled ? { unhandled: true } : {}),
    ...(webhook === undefined ? {} : { webhook }),
  };
}

/** As its taker sees it. */
export function takenView(row: Row, lapsed: boolean): TakenDelivery {
  const { token, started, finished, succeeded, dueSince, webhook } = row;
  return {
    ...factsOf(row),
    ...webhook,
    token,
    started,
    finished,
    lapsed,
    dueSince,
    succeeded,
  };
}

/** Whether the row is this claim's. */
export function isHeld(row: Row | undefined, { token }: Claim): row is Row {
  return row?.state === 'running' && row.token === token;
}

export function isOfType(filter: TypeFilter, type: string): boolean {
  return 'only' in filter ? filter.only.includes(type) : !filter.except.includes(type);
}

/** The names of both, each once. */
export function merged(some: readonly string[], more: readonly string[]): readonly string[] {
  return [...new Set([...some, ...more])];
}

const YEAR_MS = 31_536_000_000;

function checked(name: string, ms: number): number {
  if (ms <= 10 * YEAR_MS && ms >= -YEAR_MS) return Math.max(0, ms);
  throw new QBitFlowError(
    'misconfigured',
    `${name} is ${ms}: give milliseconds, ten years at most`,
  );
}

/** A wait that means something; a negative one is none. */
export const checkedDelayMs = (ms: number): number => checked('delayMs', ms);

/** A lease that means something. */
export const checkedLeaseMs = (ms: number): number => checked('leaseMs', ms);

/** A number of starts that one can have. */
export function checkedStart(start: number): number {
  if (Number.isSafeInteger(start) && start >= 0) return start;
  throw new QBitFlowError('misconfigured', `start is ${start}: give a whole number`);
}
