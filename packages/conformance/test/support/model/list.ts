import {
  readPageRequest,
  toPage,
  type DeliveryPage,
  type ListFilter,
  type StoredDelivery,
  type StoreStats,
  type TypeFilter,
} from '@qbitflow/core/store';
import { isOfType, storedView, type ModelData, type Row } from './data.js';

const EMPTY = new Uint8Array(0);

const matches = (value: string, wanted: string | undefined): boolean =>
  wanted === undefined || value === wanted;

function withoutBodies({ webhook, ...facts }: StoredDelivery): StoredDelivery {
  const listed = { ...facts, raw: EMPTY };
  return webhook === undefined ? listed : { ...listed, webhook: { ...webhook, raw: EMPTY } };
}

export function list({ rows }: ModelData, filter: ListFilter): DeliveryPage {
  const { state, type, subject, unhandled = false } = filter;
  const request = readPageRequest('model', filter);
  const below = Number(request.below ?? Infinity);
  const isWanted = (row: Row) =>
    matches(row.state, state) &&
    matches(row.delivery.type, type) &&
    matches(row.delivery.subject, subject) &&
    (!unhandled || row.unhandled);
  // A Map keeps the order of recording.
  const all = [...rows.values()].toReversed();
  return toPage('model', request, {
    rows: all.filter((row) => row.order < below && isWanted(row)),
    read: (row) => withoutBodies(storedView(row)),
    sequenceOf: ({ order }) => String(order),
  });
}

export function stats(data: ModelData, handled: TypeFilter | undefined): StoreStats {
  const rows = [...data.rows.values()];
  const now = data.now();
  const due = rows.filter(({ state }) => state === 'due');
  const count = (wanted: string) => rows.filter(({ state }) => state === wanted).length;
  const ready = due.filter(({ waits, at }) => !waits || at <= now).map(({ at }) => now - at);
  const unseen = due.filter(
    ({ delivery }) => handled !== undefined && !isOfType(handled, delivery.type),
  );
  return {
    due: due.length,
    running: count('running'),
    done: count('done'),
    dead: count('dead'),
    unhandled: rows.filter(({ unhandled }) => unhandled).length + unseen.length,
    oldestDueAgeMs: Math.max(0, ...ready),
  };
}
