import { groupCommit } from '@qbitflow/core';
import type { DurableStore, NewDelivery, RecordOutcome } from '@qbitflow/core';
import type { Database, Value } from './database/database.js';
import type { Row } from './database/pg-types.js';
import { numberOf, oneOf } from './database/row.js';
import { storableHeaders } from './database/storable-text.js';
import type { DueNews } from './notify/due-news.js';
import { STATES } from './delivery-row.js';
import { notifySubjects } from './notify/payload.js';

/** Bodies may be 1 MiB each and travel as hex: a group stays far below what one message may hold. */
const MOST_IN_A_GROUP = 100;

/**
 * Keeps deliveries whose key is new. What arrives while one statement is in flight goes together in the next, and is
 * answered only after that one's commit.
 */
export function record(database: Database, news: DueNews): DurableStore['record'] {
  const recorder = { database, news, text: statement(database) };
  return groupCommit(async (group) => recordGroup(recorder, group), { maxItems: MOST_IN_A_GROUP });
}

interface Recorder {
  readonly database: Database;
  readonly news: DueNews;
  readonly text: string;
}

async function recordGroup(
  recorder: Recorder,
  group: readonly NewDelivery[],
): Promise<RecordOutcome[]> {
  const { database, news, text } = recorder;
  const values = [...columnsOf(group), database.names.channel, news.origin];
  const rows = await database.run({ action: 'record', text, values });
  const outcomes = group.map((_delivery, index) => outcomeOf(rows[index]));
  news.tell(group.filter((delivery, index) => isDue(delivery, outcomes[index])));
  // A key that another transaction recorded during our statement is visible to the next one only.
  const unseen = group.filter((_delivery, index) => outcomes[index] === undefined);
  if (unseen.length === 0) return outcomes.filter((outcome) => outcome !== undefined);
  const seen = (await recordGroup(recorder, unseen)).values();
  return outcomes.map((outcome) => outcome ?? seen.next().value ?? RECORDED);
}

const RECORDED: RecordOutcome = { status: 'recorded' };

function outcomeOf(row: Row | undefined): RecordOutcome | undefined {
  if (row === undefined) throw new Error('record was answered with too few rows');
  if (numberOf(row, 'fresh') === 1) return RECORDED;
  if (row['state'] === null) return undefined;
  return { status: 'duplicate', state: oneOf(row, 'state', STATES) };
}

function isDue({ dead }: NewDelivery, outcome: RecordOutcome | undefined): boolean {
  return dead === undefined && outcome?.status === 'recorded';
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
    group.map(({ dead }) => dead ?? null),
    group.map(({ raw }) => asBuffer(raw)),
  ];
}

/** The driver knows a Buffer inside an array, not a bare Uint8Array. */
function asBuffer(raw: Uint8Array): Buffer {
  return Buffer.isBuffer(raw) ? raw : Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
}

/**
 * Numbered in the order of arrival, inserted in the order of keys: two processes that record the same keys at once
 * then wait for each other in one order and cannot deadlock.
 */
function statement({ names: { deliveries, sequence } }: Database): string {
  return `WITH incoming AS MATERIALIZED (
  SELECT nextval('${sequence}') AS seq, i.*
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::float8[], $9::text[], $10::bytea[])
    WITH ORDINALITY AS i(key, subject, event_id, type, version, source, headers, received_at, dead, raw, ord)
), inserted AS (
  INSERT INTO ${deliveries} (key, seq, state, at, last_error, recorded_at, received_at, subject, event_id, type, version, source, headers, raw)
  SELECT key, seq, CASE WHEN dead IS NULL THEN 'due' ELSE 'dead' END, now(), dead, now(), to_timestamp(received_at / 1000),
    subject, event_id, type, version, source, headers::jsonb, raw
  FROM incoming ORDER BY key, ord
  ON CONFLICT (key) DO NOTHING
  RETURNING key, seq, state, subject
), told AS (
  ${notifySubjects("SELECT DISTINCT subject FROM inserted WHERE state = 'due'", '$11', '$12')}
)
SELECT (n.seq IS NOT DISTINCT FROM i.seq)::int AS fresh, coalesce(n.state, d.state) AS state, (SELECT count(*) FROM told) AS told
FROM incoming i LEFT JOIN inserted n ON n.key = i.key LEFT JOIN ${deliveries} d ON d.key = i.key
ORDER BY i.ord`;
}
