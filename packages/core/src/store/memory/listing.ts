import { readPageRequest, toPage } from '../../store-kit/paging.js';
import type { DeliveryPage, ListFilter, StoreStats, TypeFilter } from '../durable-store.js';
import { isWanted } from './due-queues.js';
import { viewOf, type Entry } from './entry.js';

const STORE = 'memory';

/** One page of entries, newest first; the cursor holds the sequence number of the last one shown. */
export function pageOf(entries: readonly Entry[], filter: ListFilter): DeliveryPage {
  const request = readPageRequest(STORE, filter);
  const below = request.below === undefined ? Infinity : Number(request.below);
  const rows = entries
    .filter((entry) => entry.sequence < below && matches(entry, filter))
    .toSorted((a, b) => b.sequence - a.sequence);
  return toPage(STORE, request, {
    rows,
    read: (entry) => viewOf(entry, { bytes: false }),
    sequenceOf: ({ sequence }) => String(sequence),
  });
}

function matches(entry: Entry, { state, type, subject, unhandled }: ListFilter): boolean {
  return (
    (unhandled !== true || (entry.state === 'done' && entry.unhandled)) &&
    (state === undefined || entry.state === state) &&
    (type === undefined || entry.delivery.type === type) &&
    (subject === undefined || entry.delivery.subject === subject)
  );
}

/** Counts by state. */
export function statsOf(
  entries: Iterable<Entry>,
  now: number,
  handled: TypeFilter | undefined,
): StoreStats {
  const counts = { due: 0, running: 0, done: 0, dead: 0, unhandled: 0 };
  let oldest = now;
  for (const { state, at, unhandled, delivery } of entries) {
    counts[state] += 1;
    if (state === 'due') oldest = Math.min(oldest, at);
    const isLeft = state === 'due' && !isWanted(handled, delivery.type);
    if (isLeft || (state === 'done' && unhandled)) counts.unhandled += 1;
  }
  return { ...counts, oldestDueAgeMs: now - oldest };
}
