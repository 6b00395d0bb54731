import { randomUUID } from 'node:crypto';
import {
  holderMark,
  readText,
  type Claim,
  type ClaimOutcome,
  type ExtendOptions,
  type TakenDelivery,
  type TakeOptions,
  type TypeFilter,
} from '@qbitflow/core/store';
import { COLUMNS, takenOf, webhookOf } from './codec.js';
import type { Connection } from './connection.js';
import { checks, STORE } from './options.js';
import { CLAIMED, namesOf, NOT_QUEUED, NOW, WITH_NAMES } from './schema.js';

const { count, delayMs, starts } = checks;

/** Most whose time has come that are queued by one step, which holds up the event loop for some 10 µs each. */
const READY_AT_ONCE = 250;

const ready = (state: string): string =>
  `SELECT * FROM (SELECT seq, at FROM {deliveries} WHERE state = '${state}' AND lane IS NULL AND at <= ${NOW} ORDER BY at LIMIT ?)`;
const MAKE_READY = `UPDATE {deliveries} SET lane = (started > finished), head = 1 WHERE seq IN (
  SELECT seq FROM (${ready('due')} UNION ALL ${ready('running')}) ORDER BY at LIMIT ?)`;
const SELECT = `SELECT ${COLUMNS}, raw FROM {deliveries} WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY at, seq`;
const TAKE = `UPDATE {deliveries}
  SET state = 'running', token = ? || seq || ?, at = ${NOW} + ?, changed_at = ${NOW}, ${NOT_QUEUED},
      counted = (started <= finished), started = started + (started <= finished)
  WHERE seq IN (SELECT value FROM json_each(?))`;

/** What one step took, and whether another may find more. */
interface Batch {
  readonly taken: readonly TakenDelivery[];
  readonly goOn: boolean;
}

/**
 * Queues whose time has come, a retry's or a lapsed lease's, and takes from the queue, oldest due first. All of it
 * runs under the write lock: no other process takes in between. A token is this taking's UUID with the row's number, and who takes.
 */
export function takeDue(db: Connection, options: TakeOptions): Batch {
  const leaseMs = delayMs('leaseMs', options.leaseMs);
  const limit = count('limit', options.limit);
  const mark = holderMark(STORE, options.holder);
  if (limit === 0) return { taken: [], goOn: false };
  const atOnce = Math.max(limit, READY_AT_ONCE);
  const madeReady = db.run(MAKE_READY, [atOnce, atOnce, atOnce]);
  const { chosen, more } = choose(db, { ...options, limit });
  if (chosen.length === 0) return { taken: [], goOn: more || madeReady === atOnce };
  return { taken: take(db, chosen, { leaseMs, mark }), goOn: false };
}

function take(
  db: Connection,
  chosen: readonly number[],
  { leaseMs, mark }: { readonly leaseMs: number; readonly mark: string },
): TakenDelivery[] {
  const numbers = JSON.stringify(chosen);
  const rows = db.all(SELECT, [numbers]);
  const taking = `${randomUUID()}:`;
  db.run(TAKE, [taking, mark, leaseMs, numbers]);
  return rows.map((row) => takenOf(row, { taking, mark }, webhookOf(db, row)));
}

/** Lanes of the queue: what may be taken, and what an earlier start never finished. */
export const LANES = { fresh: 0, lapsed: 1 } as const;

/** One that takers look at. */
interface Head {
  readonly seq: number;
  readonly at: number;
  readonly subject: string;
  readonly lane: number;
}

/** Most heads of one type that are looked at where a first look at a few found too little. */
const LOOK_FURTHER = 500;

const MOVE_BEHIND =
  'UPDATE {deliveries} SET head = 0 WHERE seq IN (SELECT value FROM json_each(?))';

/** Numbers of what to take; `more`: where there are none, another look may find some. */
interface Choice {
  readonly chosen: readonly number[];
  readonly more: boolean;
}

interface Bounds {
  readonly limit: number;
  readonly lapsedLimit: number;
  readonly except: ReadonlySet<string>;
}

/** Chooses the oldest heads of the wanted types, one a subject, of no excluded subject. */
function choose(db: Connection, options: TakeOptions): Choice {
  const { limit } = options;
  const lapsedLimit = Math.min(limit, count('lapsedLimit', options.lapsedLimit ?? limit));
  const bounds = { limit, lapsedLimit, except: new Set(options.exceptSubjects) };
  const lanes = lapsedLimit > 0 ? [LANES.fresh, LANES.lapsed] : [LANES.fresh];
  const found: Head[] = [];
  let more = false;
  for (const type of queuedTypes(db, options.types))
    for (const lane of lanes) {
      const look = lookAt(db, [type, lane], bounds);
      found.push(...look.found);
      more ||= look.more;
    }
  return { chosen: oneASubject(found.toSorted(byAge), bounds), more };
}

/** The heads of one type and lane that may be taken. Later ones of a subject are moved behind its first. */
function lookAt(
  db: Connection,
  queue: readonly [type: string, lane: number],
  { limit, except }: Bounds,
): { readonly found: readonly Head[]; readonly more: boolean } {
  const few = limit + except.size + 1;
  let depth = few;
  for (;;) {
    const heads = headsOf(db, queue, depth);
    const { firsts, others } = bySubject(heads);
    const found = firsts.filter(({ subject }) => !except.has(subject));
    const more = heads.length === depth;
    if (more && found.length < limit && depth === few) {
      depth = few + LOOK_FURTHER;
      continue;
    }
    if (others.length > 0) db.run(MOVE_BEHIND, [JSON.stringify(others)]);
    return { found: found.slice(0, limit), more };
  }
}

function bySubject(heads: readonly Head[]): {
  readonly firsts: readonly Head[];
  readonly others: readonly number[];
} {
  const firsts = new Map<string, Head>();
  const others: number[] = [];
  for (const head of heads)
    if (firsts.has(head.subject)) others.push(head.seq);
    else firsts.set(head.subject, head);
  return { firsts: [...firsts.values()], others };
}

function byAge(one: Head, other: Head): number {
  return one.at - other.at || one.seq - other.seq;
}

function oneASubject(heads: readonly Head[], { limit, lapsedLimit }: Bounds): readonly number[] {
  const subjects = new Set<string>();
  const chosen: number[] = [];
  let lapsed = 0;
  for (const { seq, subject, lane } of heads) {
    const isLapsed = lane === LANES.lapsed;
    if (subjects.has(subject) || (isLapsed && lapsed >= lapsedLimit)) continue;
    if (isLapsed) lapsed += 1;
    subjects.add(subject);
    chosen.push(seq);
    if (chosen.length === limit) break;
  }
  return chosen;
}

// As one text: drivers take longer to make a row than SQLite to find it.
const HEADS = `SELECT json_group_array(json_array(seq, at, subject)) AS heads FROM (
  SELECT seq, at, subject FROM {deliveries} WHERE head = 1 AND type = ? AND lane = ? ORDER BY at, seq LIMIT ?)`;

/** Up to `limit` heads of one type and lane, the oldest first. */
function headsOf(
  db: Connection,
  [type, lane]: readonly [type: string, lane: number],
  limit: number,
): readonly Head[] {
  const [row] = db.all(HEADS, [type, lane, limit]);
  const heads: unknown = row === undefined ? [] : JSON.parse(readText('heads', row['heads']));
  return Array.isArray(heads) ? heads.map((head) => headOf(head, lane)) : [];
}

function headOf(head: unknown, lane: number): Head {
  const [seq, at, subject]: unknown[] = Array.isArray(head) ? head : [];
  return { seq: Number(seq), at: Number(at), subject: String(subject), lane };
}

const WANTED = `SELECT DISTINCT value AS type FROM json_each(?)
  WHERE EXISTS (SELECT 1 FROM {deliveries} WHERE head = 1 AND type = value)`;
// From one type to the next along the index: a thousand heads of one type are one step.
const PRESENT = `WITH RECURSIVE present (type) AS (
    SELECT min(type) FROM {deliveries} WHERE head = 1
    UNION ALL
    SELECT (SELECT min(type) FROM {deliveries} WHERE head = 1 AND type > present.type) FROM present WHERE type IS NOT NULL
  ) SELECT type FROM present WHERE type IS NOT NULL`;

/** Which of the wanted types anything queued is of. */
export function queuedTypes(db: Connection, types: TypeFilter | undefined): readonly string[] {
  if (types !== undefined && 'only' in types)
    return db.all(WANTED, [JSON.stringify(types.only)]).map((row) => readText('type', row['type']));
  const unwanted = new Set(types?.except);
  return db
    .all(PRESENT)
    .map((row) => readText('type', row['type']))
    .filter((type) => !unwanted.has(type));
}

const EXTEND = `UPDATE {deliveries}
  SET at = ${NOW} + ?, ${NOT_QUEUED}, succeeded = ${WITH_NAMES},
      counted = counted + ifnull(? - started, 0), started = ifnull(?, started)
  WHERE ${CLAIMED}`;

/** Renews the lease, remembers what succeeded, and sets the number of starts when asked. */
export function extend(db: Connection, claim: Claim, options: ExtendOptions): ClaimOutcome {
  const names = namesOf(options.succeeded);
  const start = options.start === undefined ? null : starts('start', options.start);
  const values = [delayMs('leaseMs', options.leaseMs), names, names, start, start];
  return db.run(EXTEND, [...values, claim.key, claim.token]) > 0 ? 'ok' : 'lost';
}
