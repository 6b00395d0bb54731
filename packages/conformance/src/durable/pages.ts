import { equal, match, rejects } from 'node:assert/strict';
import type { DurableStore, ListFilter, StoredDelivery } from '@qbitflow/core/store';
import { fieldOf } from '../support/asserting.js';

/** Reads every page, with `between` after each; never more pages than could be. */
export async function allPages(
  store: DurableStore,
  filter: ListFilter,
  between: (page: number) => Promise<void> = async () => undefined,
): Promise<StoredDelivery[]> {
  const items: StoredDelivery[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 100; page += 1) {
    const { items: more, nextCursor } = await store.list({ ...filter, cursor });
    items.push(...more);
    if (nextCursor === undefined) return items;
    cursor = nextCursor;
    await between(page);
  }
  throw new Error('list gives cursor after cursor: the last page must have none');
}

/** Asserts that `list` rejects as misconfigured and names the argument: an empty page would pass for the end. */
export async function rejectsArgument(
  store: DurableStore,
  filter: Readonly<Record<string, unknown>>,
  name: string,
): Promise<void> {
  const asked = `list with ${name} ${String(filter[name])}`;
  const method = 'list' as const satisfies keyof DurableStore;
  const listing = async (): Promise<unknown> => Reflect.apply(store[method], store, [filter]);
  const isExplained = (error: unknown): true => {
    equal(fieldOf(error, 'code'), 'misconfigured', `${asked} rejects with ${String(error)}`);
    match(String(fieldOf(error, 'message')), new RegExp(name), asked);
    return true;
  };
  await rejects(listing, isExplained, `${asked} must reject`);
}
