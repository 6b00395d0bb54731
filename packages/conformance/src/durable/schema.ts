import { deepEqual, equal, ok } from 'node:assert/strict';
import type { DurableStore } from '@qbitflow/core';
import type { DurableCase } from '../support/store-harness.js';
import { delivery } from './delivery.js';

/** What `schema` tells of a store that has it. */
async function schemaOf(store: DurableStore) {
  const schema = await store.schema?.();
  if (schema === undefined) return undefined;
  const { current, found } = schema;
  ok(Number.isInteger(current) && current >= 1, `\`current\` is no version from 1: ${current}`);
  return { current, found };
}

export const schemaCases: readonly DurableCase[] = [
  {
    name: 'schema: before init it looks, and makes nothing',
    isPrepared: false,
    async run({ store }) {
      const before = await schemaOf(store);
      // Without an `init` the data was there before the store.
      if (before === undefined || store.init === undefined) return;
      equal(before.found, undefined, 'there is data before `init`: `schema` made it');
      deepEqual(await schemaOf(store), before, 'the second look sees what the first one made');
      await store.init();
      const { current } = before;
      deepEqual(await schemaOf(store), { current, found: current }, 'after `init`');
    },
  },
  {
    name: 'schema: the current version after init, which deliveries do not change',
    async run({ store }) {
      const after = await schemaOf(store);
      if (after === undefined) return;
      equal(after.found, after.current, 'the version that is there after `init`');
      await store.init?.();
      await store.record(delivery(1));
      deepEqual(await schemaOf(store), after, 'after another `init` and a delivery');
    },
  },
];
