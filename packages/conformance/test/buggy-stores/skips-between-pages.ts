import type { DurableStore } from '@qbitflow/core';

/** A cursor by time: what was recorded in the same millisecond as a page's last delivery is on no page. */
export function skipsBetweenPages(store: DurableStore): DurableStore {
  const times = new Map<string, number>();
  return {
    ...store,
    async list({ cursor, ...filter }) {
      const known = cursor === undefined ? Infinity : (times.get(cursor) ?? Infinity);
      const page = await store.list({ ...filter, cursor });
      const items = page.items.filter(({ recordedAt }) => recordedAt < known);
      const last = page.items.at(-1);
      if (page.nextCursor !== undefined && last !== undefined)
        times.set(page.nextCursor, last.recordedAt);
      return { ...page, items };
    },
  };
}
