import { createHash } from 'node:crypto';
import type { DeliveryPage, ListFilter, StoredDelivery } from '../store/durable-store.js';
import { wrongArgument } from './store-errors.js';

const PAGE_DEFAULT = 50;
const PAGE_MOST = 1_000;

/** Which page `list` was asked for. */
export interface PageRequest {
  /** How many it shows: from 1 to 1,000. Read one more to know whether another page follows. */
  readonly limit: number;
  /** Sequence number, in digits, of the last delivery on the page before: this one begins below it. */
  readonly below: string | undefined;
}

/**
 * Reads what `list` was asked for: 50 unless a limit is given, and 1,000 where it is higher. Throws `misconfigured` for
 * a limit that is no whole number from 1 on, and for a cursor that no page of this kind of store has given: an empty
 * page would pass for the end.
 */
export function readPageRequest(
  store: string,
  { limit = PAGE_DEFAULT, cursor }: Pick<ListFilter, 'limit' | 'cursor'>,
): PageRequest {
  if (!Number.isInteger(limit) || limit < 1)
    throw wrongArgument(store, {
      name: 'limit',
      value: limit,
      expected: `a whole number from 1 on (more than ${PAGE_MOST} counts as ${PAGE_MOST})`,
    });
  const below = cursor === undefined ? undefined : readCursor(store, cursor);
  return { limit: Math.min(limit, PAGE_MOST), below };
}

/** How one kind of row becomes a delivery on a page. */
export interface PageRows<Row> {
  /** One more than the page shows where there are as many, newest first. */
  readonly rows: readonly Row[];
  readonly read: (row: Row) => StoredDelivery;
  /** The row's place in the order of recording, in digits. */
  readonly sequenceOf: (row: Row) => string;
  /** Where a search gave up before the end (see `MOST_SEARCHED`): the sequence number of the last delivery it looked at. */
  readonly stoppedAt?: string | undefined;
}

/** The page that was asked for, with a cursor where another follows or a search is to go on. */
export function toPage<Row>(
  store: string,
  { limit }: PageRequest,
  { rows, read, sequenceOf, stoppedAt }: PageRows<Row>,
): DeliveryPage {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const isFull = rows.length > limit && last !== undefined;
  const goOnBelow = isFull ? sequenceOf(last) : stoppedAt;
  const items = shown.map(read);
  return goOnBelow === undefined ? { items } : { items, nextCursor: writeCursor(store, goOnBelow) };
}

const CURSOR = /^([^-]+)-(\d{1,18})-([0-9a-f]{8})$/;

function writeCursor(store: string, sequence: string): string {
  return `${store}-${sequence}-${checksum(store, sequence)}`;
}

function readCursor(store: string, cursor: unknown): string {
  const [, origin, sequence = '', sum] =
    typeof cursor === 'string' ? (CURSOR.exec(cursor) ?? []) : [];
  if (origin === store && sum === checksum(store, sequence)) return sequence;
  throw wrongArgument(store, {
    name: 'cursor',
    value: cursor,
    expected: 'the nextCursor of a page of this store, unchanged (leave it out for the first page)',
  });
}

/** Tells a damaged cursor from one that a page gave. No secret: a cursor opens nothing that `list` does not. */
function checksum(store: string, sequence: string): string {
  return createHash('sha256').update(`${store}-${sequence}`).digest('hex').slice(0, 8);
}
