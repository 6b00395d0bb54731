import type { DurableStore } from '@qbitflow/core';

/** A cursor is a bare position: one digit that was lost, or another store's cursor, skips pages silently. */
export function takesAnyNumberForACursor(store: DurableStore): DurableStore {
  const whole = new Map<string, string>();
  return {
    ...store,
    async list({ cursor, ...filter }) {
      if (cursor !== undefined && /^\d+$/.test(cursor) && !whole.has(cursor)) return { items: [] };
      const page = await store.list({ ...filter, cursor: cursor && (whole.get(cursor) ?? cursor) });
      if (page.nextCursor === undefined) return page;
      const bare = String(whole.size + 1);
      whole.set(bare, page.nextCursor);
      return { ...page, nextCursor: bare };
    },
  };
}
