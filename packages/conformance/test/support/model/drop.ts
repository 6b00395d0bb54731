import type { PruneOptions, SettleOptions } from '@qbitflow/core';
import { isOfType, type ModelData } from './data.js';

/** The first `limit` of them; none for a limit that means none. */
function* upTo<T>(limit: number, some: Iterable<T>): Generator<T> {
  let left = Math.floor(limit);
  for (const one of some) {
    if (left <= 0) return;
    left -= 1;
    yield one;
  }
}

function forget(data: ModelData, { keepKeysMs = Infinity, limit }: PruneOptions): number {
  const now = data.now();
  const old = [...data.tombstones].filter(([, at]) => now - at > keepKeysMs);
  const oldest = old.toSorted(([, a], [, b]) => a - b);
  let forgotten = 0;
  for (const [key, at] of upTo(limit, oldest)) {
    data.tombstones.delete(key);
    data.knownSince = Math.max(data.knownSince, at);
    forgotten += 1;
  }
  return forgotten;
}

export function prune(data: ModelData, options: PruneOptions): number {
  const now = data.now();
  const forgotten = forget(data, options);
  const old = [...data.rows].filter(
    ([, { state, at }]) => state === 'done' && now - at >= options.doneForMs,
  );
  let dropped = 0;
  for (const [key, { at }] of upTo(options.limit, old)) {
    data.rows.delete(key);
    data.tombstones.set(key, at);
    dropped += 1;
  }
  return forgotten + dropped;
}

export function settleUnhandled(
  data: ModelData,
  { types, dueForMs, limit }: SettleOptions,
): number {
  const now = data.now();
  const unseen = [...data.rows.values()].filter(
    ({ state, waits, at, dueSince, delivery }) =>
      state === 'due' &&
      (!waits || at <= now) &&
      now - dueSince >= dueForMs &&
      isOfType(types, delivery.type),
  );
  let settled = 0;
  for (const row of upTo(limit, unseen)) {
    Object.assign(row, { state: 'done', at: now, unhandled: true });
    settled += 1;
  }
  return settled;
}
