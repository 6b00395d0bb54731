import { randomUUID } from 'node:crypto';
import {
  arrivalOf,
  groupCommit,
  holderMark,
  isQBitFlowError,
  readState,
  type DurableStore,
  type NewDelivery,
  type RecordOptions,
  type RecordOutcome,
} from '@qbitflow/core/store';
import { arrivalValues, checks, numberOf, readKnown, type Arrival } from './codec.js';
import type { Database, Statement } from './database.js';
import { STORE } from './errors.js';
import { catchUp } from './migrate.js';
import type { DueNotifier } from './notify.js';
import type { Row } from './pool.js';
import type { Names } from './schema.js';

/** Bodies may be 1 MiB each: a group stays far below what one message may hold. */
const MOST_IN_A_GROUP = 100;

const RECORDED: RecordOutcome = { status: 'recorded' };

/**
 * Keeps deliveries whose key is new, and takes them in the same step where that is asked for. What arrives while one
 * statement is in flight goes together in the next, and is answered only after that one's commit.
 */
export function record(database: Database, notifier: DueNotifier): DurableStore['record'] {
  const { quoted, channel } = database.names;
  const text = `SELECT * FROM ${quoted}.record_all($1::json, $2::bytea, $3::text, $4::text)`;
  const keepLater = keepBeside(database);

  async function recordGroup(group: readonly Arrival[]): Promise<RecordOutcome[]> {
    const values = [...arrivalValues(group), channel, notifier.origin];
    const [row] = await inOrder(database, { action: 'record', text, values, lane: 'record' });
    if (row === undefined) throw new Error('record was answered without a row');
    const known = readKnown(row['known']);
    const dueSince = numberOf(row, 'now_ms');
    const due = group.filter((arrival, place) => isDue(arrival) && !known.has(place));
    notifier.notify(due.map(({ delivery }) => delivery));
    if (known.size === 0) return group.map((arrival) => recorded(arrival, dueSince));
    await keepLater(group.filter((arrival, place) => isLater(arrival, known.get(place))));
    // A key that another transaction recorded during our statement is visible to the next one only.
    const unseen = group.filter((_arrival, place) => known.get(place) === null);
    const seen = unseen.length === 0 ? [] : await recordGroup(unseen);
    const later = seen.values();
    return group.map((arrival, place) => {
      const first = known.get(place);
      if (first === undefined) return recorded(arrival, dueSince);
      return first === null ? (later.next().value ?? RECORDED) : duplicateOf(first);
    });
  }

  const submit = groupCommit(recordGroup, { maxItems: MOST_IN_A_GROUP });
  return async (delivery, options = {}) => submit(arrivalFrom(delivery, options));
}

/** What is to be taken gets its token here, so that the answer need not bring one for each. */
function arrivalFrom(delivery: NewDelivery, { leaseMs, holder }: RecordOptions): Arrival {
  const lease = leaseMs === undefined ? undefined : checks.delayMs('leaseMs', leaseMs);
  const { state, reason } = arrivalOf(delivery);
  if (lease === undefined || state !== 'due') return { delivery, state, reason };
  const token = randomUUID() + holderMark(STORE, holder);
  return { delivery, state: 'running', reason, token, leaseMs: lease };
}

/** A database restored under us may give out numbers that its rows have already. */
async function inOrder(database: Database, asked: Statement): Promise<readonly Row[]> {
  try {
    return await database.run(asked);
  } catch (error) {
    if (!isQBitFlowError(error) || error.facts['sqlState'] !== '23505') throw error;
  }
  await catchUp(database);
  return database.run(asked);
}

function recorded({ token }: Arrival, dueSince: number): RecordOutcome {
  return token === undefined ? RECORDED : { status: 'recorded', taken: { token, dueSince } };
}

/** State and source of the record that was there first, or the state of a kept key. */
function duplicateOf(first: string): RecordOutcome {
  return { status: 'duplicate', state: readState(first.split(' ')[0]) };
}

/** A webhook whose key a look has recorded: only the webhook brings everything. */
function isLater({ delivery }: Arrival, first: string | null | undefined): boolean {
  const source = first?.split(' ')[1];
  return delivery.source === 'webhook' && source !== undefined && source !== 'webhook';
}

const isDue = ({ state }: Arrival): boolean => state === 'due';

/**
 * Beside the record and not in it: a handler's transaction may have read that already. The first webhook of a key
 * wins. A step of its own, because it is seldom needed: no record is answered before it is done, and who comes again finds
 * it done.
 */
function keepBeside(database: Database): (group: readonly Arrival[]) => Promise<void> {
  const text = laterSql(database.names);
  return async (group) => {
    if (group.length === 0) return;
    await database.run({ action: 'record', text, values: arrivalValues(group), lane: 'record' });
  };
}

/** What was pruned meanwhile has nothing to be beside of. */
function laterSql({ deliveries, laterWebhooks }: Names): string {
  return `INSERT INTO ${laterWebhooks} (key, event_id, version, received_at, headers, raw)
SELECT DISTINCT ON (key) key, i.event_id, i.version, to_timestamp(i.received_at / 1000), i.headers,
  substring($2::bytea FROM body_from FOR body_length)
FROM ROWS FROM (json_to_recordset($1::json) AS (key text, event_id text, version text, headers jsonb, received_at float8,
  body_from int, body_length int)) WITH ORDINALITY AS i(key, event_id, version, headers, received_at, body_from,
  body_length, place) JOIN ${deliveries} USING (key)
ORDER BY key, place ON CONFLICT (key) DO NOTHING`;
}
