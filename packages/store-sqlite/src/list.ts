import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  MOST_SEARCHED,
  readFilter,
  readNumber,
  readPageRequest,
  readText,
  toPage,
  type DeliveryPage,
  type ListFilter,
  type PageRequest,
  type ReadFilter,
  type StoredDelivery,
  type StoreStats,
  type TypeFilter,
} from '@qbitflow/core/store';
import type { Access } from './access.js';
import { COLUMNS, storedOf, webhookOf } from './codec.js';
import type { Connection } from './connection.js';
import { STORE } from './options.js';
import { boundsOf, LOOKED_AT_ONCE, lookFor, numbersOf, type Bounds, type Query } from './page.js';
import { NOW } from './schema.js';

const GET = `SELECT ${COLUMNS}, attempts, raw FROM {deliveries} WHERE key = ?`;

/** One delivery with its body and its attempts, and the webhook that came later. */
export function get(db: Connection, key: string): StoredDelivery | undefined {
  const [row] = db.all(GET, [key]);
  return row === undefined ? undefined : storedOf(row, webhookOf(db, row));
}

/** What asks the database, step by step. */
type Reads = Pick<Access, 'read'>;

/**
 * One page, newest first; the cursor holds the number of the last row shown, or looked at. Bodies are not read. A search
 * looks step by step, with the event loop in between.
 */
export async function list(access: Reads, filter: ListFilter): Promise<DeliveryPage> {
  const request = readPageRequest(STORE, filter);
  const asked = readFilter(STORE, filter);
  const { error } = asked;
  const bounds = await access.read((db) => boundsOf(db, asked, request));
  if (error !== undefined) {
    const { found, stoppedAt } = await search(access, { ...asked, error }, bounds);
    const numbers = {
      sql: 'SELECT value FROM json_each(?)',
      values: [JSON.stringify(found)],
    };
    return access.read((db) => pageOf(db, request, { numbers, stoppedAt }));
  }
  // The rows of a page are chosen by number first: sorting thousands of whole rows would be slow.
  const numbers = numbersOf(asked, bounds);
  return access.read((db) => pageOf(db, request, { numbers, stoppedAt: undefined }));
}

function pageOf(
  db: Connection,
  request: PageRequest,
  { numbers, stoppedAt }: { readonly numbers: Query; readonly stoppedAt: string | undefined },
): DeliveryPage {
  const { sql, values } = numbers;
  return toPage(STORE, request, {
    rows: db.all(
      `SELECT ${COLUMNS} FROM {deliveries} WHERE seq IN (${sql}) ORDER BY seq DESC`,
      values,
    ),
    read: (row) => storedOf(row),
    sequenceOf: (row) => String(row['seq']),
    stoppedAt,
  });
}

/** Until there is enough for the page, nothing is left, or as much was looked at as a page may. */
async function search(
  access: Reads,
  filter: ReadFilter & { readonly error: string },
  bounds: Bounds,
): Promise<{ readonly found: readonly number[]; readonly stoppedAt: string | undefined }> {
  const found: number[] = [];
  let { below } = bounds;
  for (let left = MOST_SEARCHED; left > 0; left -= LOOKED_AT_ONCE) {
    const from = below;
    // oxlint-disable-next-line no-await-in-loop -- one step after the other
    const look = await access.read((db) => lookFor(db, filter, { ...bounds, below: from }));
    found.push(...look.found);
    below = look.last;
    if (look.looked < LOOKED_AT_ONCE) return { found, stoppedAt: undefined };
    if (found.length >= bounds.most) {
      const enough = found.slice(0, bounds.most);
      return { found: enough, stoppedAt: String(enough.at(-1)) };
    }
    // oxlint-disable-next-line no-await-in-loop -- the event loop gets its turn
    await nextTurn();
  }
  return { found, stoppedAt: String(below) };
}

const COUNTED = 'SELECT state, type, number FROM {deliveries}_counts';
const RUNNING = "SELECT COUNT(*) AS number FROM {deliveries} WHERE state = 'running'";
const OLDEST = `SELECT MAX(0, ${NOW} - MIN(at)) AS age FROM (
  SELECT MIN(at) AS at FROM {deliveries} WHERE state = 'due' AND lane = 0 UNION ALL
  SELECT MIN(at) FROM {deliveries} WHERE state = 'due' AND lane = 1 UNION ALL
  SELECT MIN(at) FROM {deliveries} WHERE state = 'due' AND lane IS NULL AND at <= ${NOW})`;

/** Counts by state and of what no handler has seen or is going to see, in time that does not grow with them. */
export function stats(db: Connection, handled: TypeFilter | undefined): StoreStats {
  const counts = { due: 0, done: 0, dead: 0, unhandled: 0 };
  for (const row of db.all(COUNTED)) {
    const state = readText('state', row['state']);
    const number = readNumber('number', row['number']);
    if (isCounted(state)) counts[state] += number;
    if (state === 'due' && !isHandled(readText('type', row['type']), handled))
      counts.unhandled += number;
  }
  const [running] = db.all(RUNNING);
  const [oldest] = db.all(OLDEST);
  return {
    ...counts,
    running: readNumber('number', running?.['number']),
    oldestDueAgeMs: Number(oldest?.['age'] ?? 0),
  };
}

function isCounted(state: string): state is 'due' | 'done' | 'dead' | 'unhandled' {
  return ['due', 'done', 'dead', 'unhandled'].includes(state);
}

function isHandled(type: string, handled: TypeFilter | undefined): boolean {
  if (handled === undefined) return true;
  return 'only' in handled ? handled.only.includes(type) : !handled.except.includes(type);
}
