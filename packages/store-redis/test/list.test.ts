import type { DurableStore } from '@qbitflow/core';
import { describe, expect, test } from 'vitest';
import { LIBRARIES } from './support/clients.js';
import { keyOf, payment } from './support/deliveries.js';
import { HAS_REDIS, REDIS_URL } from './support/shared-server.js';
import { openStore } from './support/stores.js';

/** More than one script looks at. */
const MANY = 1_200;

async function recordMany(store: DurableStore): Promise<void> {
  for (let number = 1; number <= MANY; number += 1) {
    const changes = number % 400 === 1 ? { type: 'refund.completed' } : {};
    // The store groups what comes in one turn; recording in turn would take longer.
    if (number === MANY) await store.record(payment(number, changes));
    else void store.record(payment(number, changes));
  }
}

const keysOf = (items: readonly { readonly key: string }[]) => items.map(({ key }) => key);

describe.skipIf(!HAS_REDIS).each(LIBRARIES)('%s', (library) => {
  test('a rare type is found however far back it lies', async () => {
    const store = await openStore(library, REDIS_URL);
    await recordMany(store);
    const first = await store.list({ type: 'refund.completed', limit: 2 });
    expect(keysOf(first.items)).toEqual([keyOf(801), keyOf(401)]);
    const { nextCursor: cursor } = first;
    const second = await store.list({ type: 'refund.completed', limit: 2, cursor });
    expect(keysOf(second.items)).toEqual([keyOf(1)]);
    expect(second.nextCursor).toBeUndefined();
  });

  test('a state with few deliveries is paged like any other', async () => {
    const store = await openStore(library, REDIS_URL);
    await recordMany(store);
    await store.takeDue({ limit: 3, leaseMs: 60_000 });
    const first = await store.list({ state: 'running', limit: 2 });
    expect(keysOf(first.items)).toEqual([keyOf(3), keyOf(2)]);
    const { nextCursor: cursor } = first;
    const second = await store.list({ state: 'running', limit: 2, cursor });
    expect(keysOf(second.items)).toEqual([keyOf(1)]);
    expect(second.nextCursor).toBeUndefined();
  });

  test('pages of a state with many deliveries leave none out', async () => {
    const store = await openStore(library, REDIS_URL);
    await recordMany(store);
    const keys: string[] = [];
    let cursor: string | undefined;
    do {
      // oxlint-disable-next-line no-await-in-loop -- one page leads to the next
      const page = await store.list({ state: 'due', limit: 350, cursor });
      keys.push(...keysOf(page.items));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(keys).toEqual(Array.from({ length: MANY }, (_, index) => keyOf(MANY - index)));
  });

  test('a cursor that no page gave is refused', async () => {
    const store = await openStore(library, REDIS_URL);
    await store.record(payment(1));
    await expect(store.list({ cursor: 'first' })).rejects.toMatchObject({ code: 'misconfigured' });
  });
});
