import {
  arrivalOf,
  groupCommit,
  isQBitFlowError,
  readState,
  type DurableStore,
  type NewDelivery,
  type RecordOutcome,
} from '@qbitflow/core/store';
import { deliveryValues, laterValues, numberOf } from './codec.js';
import type { Database, Statement } from './database.js';
import { catchUp } from './migrate.js';
import { notifySubjects, type DueNotifier } from './notify.js';
import type { Row } from './pool.js';
import type { Names } from './schema.js';

/** Bodies may be 1 MiB each and travel as hex: a group stays far below what one message may hold. */
const MOST_IN_A_GROUP = 100;

/**
 * Keeps deliveries whose key is new. What arrives while one statement is in flight goes together in the next, and is
 * answered only after that one's commit.
 */
export function record(database: Database, notifier: DueNotifier): DurableStore['record'] {
  const text = recordSql(database.names);
  const keepLater = keepBeside(database);

  async function recordGroup(group: readonly NewDelivery[]): Promise<RecordOutcome[]> {
    const values = [...deliveryValues(group), database.names.channel, notifier.origin];
    const rows = await inOrder(database, { action: 'record', text, values, lane: 'record' });
    const outcomes = group.map((_delivery, index) => outcomeOf(rows[index]));
    await keepLater(group.filter((delivery, index) => isLater(delivery, rows[index])));
    notifier.notify(group.filter((delivery, index) => isDue(delivery, outcomes[index])));
    // A key that another transaction recorded during our statement is visible to the next one only.
    const unseen = group.filter((_delivery, index) => outcomes[index] === undefined);
    if (unseen.length === 0) return outcomes.filter((outcome) => outcome !== undefined);
    const seen = (await recordGroup(unseen)).values();
    return outcomes.map((outcome) => outcome ?? seen.next().value ?? RECORDED);
  }

  return groupCommit(recordGroup, { maxItems: MOST_IN_A_GROUP });
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

const RECORDED: RecordOutcome = { status: 'recorded' };

function outcomeOf(row: Row | undefined): RecordOutcome | undefined {
  if (row === undefined) throw new Error('record was answered with too few rows');
  if (numberOf(row, 'fresh') === 1) return RECORDED;
  const known = row['known']?.split(' ')[0];
  return known === undefined ? undefined : { status: 'duplicate', state: readState(known) };
}

/** A webhook whose key a look has recorded: only the webhook brings everything. */
function isLater({ source }: NewDelivery, row: Row | undefined): boolean {
  const first = row?.['known']?.split(' ')[1];
  return source === 'webhook' && first !== undefined && first !== 'webhook';
}

function isDue(delivery: NewDelivery, outcome: RecordOutcome | undefined): boolean {
  return outcome?.status === 'recorded' && arrivalOf(delivery).state === 'due';
}

/**
 * `known` is state and source of the record that is there, or the state alone where only its key is kept.
 *
 * Numbered in the order of arrival, inserted in the order of keys: two processes that record the same keys at once
 * then wait for each other in one order and cannot deadlock. A key that is there is not tried: its row may be locked
 * for as long as a handler's transaction is open, and may be pruned before its turn, when it would pass for a fresh one.
 */
function recordSql({ quoted, deliveries, sequence, tombstones }: Names): string {
  return `WITH incoming AS MATERIALIZED (
  SELECT nextval('${sequence}') AS seq, i.*, coalesce(
    (SELECT d.state || ' ' || d.source FROM ${deliveries} d WHERE d.key = i.key),
    (SELECT 'done' FROM ${tombstones} WHERE digest = ${quoted}.key_digest(i.key))) AS known
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::float8[], $9::text[], $10::text[], $11::bytea[])
    WITH ORDINALITY AS i(key, subject, event_id, type, version, source, headers, received_at, state, reason, raw, ord)
), inserted AS (
  INSERT INTO ${deliveries} (key, seq, state, at, ready_at, last_error, unhandled, recorded_at, received_at, subject, event_id, type, version, source, headers, raw)
  SELECT key, seq, state, now(), CASE WHEN state = 'due' THEN now() END, CASE WHEN state <> 'due' THEN reason END, state = 'done',
    now(), to_timestamp(received_at / 1000), subject, event_id, type, version, source, headers::jsonb, raw
  FROM incoming WHERE known IS NULL ORDER BY key, ord
  ON CONFLICT (key) DO NOTHING
  RETURNING key, seq, state, subject, source
), told AS (
  ${notifySubjects("SELECT DISTINCT subject FROM inserted WHERE state = 'due'", '$12', '$13')}
)
SELECT (n.seq IS NOT DISTINCT FROM i.seq)::int AS fresh, coalesce(n.state || ' ' || n.source, known) AS known,
  (SELECT count(*) FROM told) AS told
FROM incoming i LEFT JOIN inserted n ON n.key = i.key ORDER BY ord`;
}

/**
 * Beside the record and not in it: a handler's transaction may have read that already. The first webhook of a key
 * wins. A step of its own, because it is seldom needed: no record is answered before it is done, and who comes again finds
 * it done.
 */
function keepBeside(database: Database): (group: readonly NewDelivery[]) => Promise<void> {
  const text = laterSql(database.names);
  return async (group) => {
    if (group.length === 0) return;
    const values = laterValues(group);
    await database.run({ action: 'record', text, values, lane: 'record' });
  };
}

/** What was pruned meanwhile has nothing to be beside of. */
function laterSql({ deliveries, laterWebhooks }: Names): string {
  return `INSERT INTO ${laterWebhooks} (key, event_id, version, received_at, headers, raw)
SELECT DISTINCT ON (key) key, i.event_id, i.version, to_timestamp(i.received_at / 1000), i.headers::jsonb, i.raw
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::float8[], $6::bytea[])
  WITH ORDINALITY AS i(key, event_id, version, headers, received_at, raw, ord) JOIN ${deliveries} USING (key)
ORDER BY key, ord ON CONFLICT (key) DO NOTHING`;
}
