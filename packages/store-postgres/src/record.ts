import { groupCommit, isQBitFlowError } from '@qbitflow/core';
import type { DeliveryState, DurableStore, NewDelivery, RecordOutcome } from '@qbitflow/core';
import type { Database, Statement, Value } from './database/database.js';
import type { Row } from './database/pg-types.js';
import { asBuffer } from './database/bytes.js';
import { numberOf } from './database/row.js';
import { storableHeaders } from './database/storable-text.js';
import type { DueNews } from './notify/due-news.js';
import { STATES } from './delivery-row.js';
import { keepBeside, type KeepBeside } from './keep-beside.js';
import { notifySubjects } from './notify/payload.js';
import type { Names } from './schema/names.js';
import { catchUp } from './sequence.js';

/** Bodies may be 1 MiB each and travel as hex: a group stays far below what one message may hold. */
const MOST_IN_A_GROUP = 100;

/**
 * Keeps deliveries whose key is new. What arrives while one statement is in flight goes together in the next, and is
 * answered only after that one's commit.
 */
export function record(database: Database, news: DueNews): DurableStore['record'] {
  const text = statement(database.names);
  const recorder = { database, news, text, keepBeside: keepBeside(database) };
  return groupCommit(async (group) => recordGroup(recorder, group), { maxItems: MOST_IN_A_GROUP });
}

interface Recorder {
  readonly database: Database;
  readonly news: DueNews;
  readonly text: string;
  readonly keepBeside: KeepBeside;
}

async function recordGroup(
  recorder: Recorder,
  group: readonly NewDelivery[],
): Promise<RecordOutcome[]> {
  const { database, news, text } = recorder;
  const values = [...columnsOf(group), database.names.channel, news.origin];
  const rows = await inOrder(database, { action: 'record', text, values, lane: 'record' });
  const outcomes = group.map((_delivery, index) => outcomeOf(rows[index]));
  await recorder.keepBeside(group.filter((delivery, index) => isLater(delivery, rows[index])));
  news.tell(group.filter((delivery, index) => isDue(delivery, outcomes[index])));
  // A key that another transaction recorded during our statement is visible to the next one only.
  const unseen = group.filter((_delivery, index) => outcomes[index] === undefined);
  if (unseen.length === 0) return outcomes.filter((outcome) => outcome !== undefined);
  const seen = (await recordGroup(recorder, unseen)).values();
  return outcomes.map((outcome) => outcome ?? seen.next().value ?? RECORDED);
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
  const state = STATES.find((one) => one === known);
  return state === undefined ? undefined : { status: 'duplicate', state };
}

/** A webhook whose key a look has recorded: only the webhook brings everything. */
function isLater({ source }: NewDelivery, row: Row | undefined): boolean {
  const first = row?.['known']?.split(' ')[1];
  return source === 'webhook' && first !== undefined && first !== 'webhook';
}

function stateOf({ dead, unhandled }: NewDelivery): DeliveryState {
  if (dead !== undefined) return 'dead';
  return unhandled === undefined ? 'due' : 'done';
}

function isDue(delivery: NewDelivery, outcome: RecordOutcome | undefined): boolean {
  return outcome?.status === 'recorded' && stateOf(delivery) === 'due';
}

function columnsOf(group: readonly NewDelivery[]): Value[] {
  return [
    group.map(({ key }) => key),
    group.map(({ subject }) => subject),
    group.map(({ id }) => id),
    group.map(({ type }) => type),
    group.map(({ version }) => version),
    group.map(({ source }) => source),
    group.map(({ headers }) => storableHeaders(headers)),
    group.map(({ receivedAt }) => receivedAt),
    group.map(stateOf),
    group.map(({ dead, unhandled }) => dead ?? unhandled ?? ''),
    group.map(({ raw }) => asBuffer(raw)),
  ];
}

/**
 * `known` is state and source of the record that is there, or the state alone where only its key is kept.
 *
 * Numbered in the order of arrival, inserted in the order of keys: two processes that record the same keys at once
 * then wait for each other in one order and cannot deadlock. A key that is there is not tried: its row may be locked
 * for as long as a handler's transaction is open, and may be pruned before its turn, when it would pass for a fresh one.
 */
function statement({ quoted, deliveries, sequence, tombstones }: Names): string {
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
