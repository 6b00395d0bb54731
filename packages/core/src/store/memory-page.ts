import { errorSearch, MOST_SEARCHED, readFilter } from '../store-kit/list-filter.js';
import { readPageRequest, toPage } from '../store-kit/paging.js';
import type { DeliveryPage, ListFilter, StoredDelivery } from './durable-store.js';
import { openedOf } from './memory-done.js';
import { viewOf } from './memory-entry.js';
import type { EntryLog } from './memory-log.js';

const STORE = 'memory';

/** Looks through so many slices before others have their turn; through one where every error is read. */
const SLICES_AT_ONCE = 2;

/** An entry of a page. */
interface Shown {
  readonly sequence: number;
  readonly view: StoredDelivery;
}

/** One page of entries, newest first; the cursor holds the sequence number of the last one shown, or looked at. */
export async function pageOf(log: EntryLog, filter: ListFilter): Promise<DeliveryPage> {
  const request = readPageRequest(STORE, filter);
  const { error, ...wanted } = readFilter(STORE, filter);
  const below = request.below === undefined ? Infinity : Number(request.below);
  const fits = error === undefined ? undefined : errorSearch(error);
  const atOnce = fits === undefined ? SLICES_AT_ONCE : 1;
  const rows: Shown[] = [];
  let slices = 0;
  let looked = 0;
  let stoppedAt: string | undefined;
  search: for (const slice of log.newest({ ...wanted, failed: fits !== undefined }, below)) {
    // As it is now: after a pause it may fit no more.
    for (const entry of slice) {
      const { sequence } = entry;
      if (fits !== undefined && looked === MOST_SEARCHED) break search;
      looked += 1;
      if (fits?.(entry.lastError) !== false)
        rows.push({ sequence, view: viewOf(openedOf(entry), { bytes: false }) });
      if (rows.length > request.limit) break search;
      if (looked === MOST_SEARCHED) stoppedAt = String(sequence);
    }
    slices += 1;
    if (slices % atOnce === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return toPage(STORE, request, {
    rows,
    read: ({ view }) => view,
    sequenceOf: ({ sequence }) => String(sequence),
    stoppedAt,
  });
}
