import { deepEqual } from 'node:assert/strict';
import type { NewDelivery } from '@qbitflow/core';
import { hasFields, sameBytes } from '../support/asserting.js';
import type { DurableHarness, DurableCase } from '../support/store-harness.js';
import { delivery, keyOf, manyBytes } from './delivery.js';
import { takeNext } from './taking.js';

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, index) => index);
const LARGEST = 1_048_576;

async function keepsBytes(harness: DurableHarness, raw: Uint8Array): Promise<void> {
  await harness.store.record(delivery(1, { raw }));
  sameBytes((await harness.store.get(keyOf(1)))?.raw, raw);
  sameBytes((await takeNext(harness)).raw, raw);
}

function factsOf({ key, subject, id, type, version, source, receivedAt }: NewDelivery) {
  return { key, subject, id, type, version, source, receivedAt };
}

export const contentsCases: readonly DurableCase[] = [
  {
    name: 'contents: every byte value comes back as it went in',
    run: async (harness) => keepsBytes(harness, EVERY_BYTE),
  },
  {
    name: 'contents: an empty body stays empty',
    run: async (harness) => keepsBytes(harness, new Uint8Array(0)),
  },
  {
    name: 'contents: a body of 1 MiB comes back whole',
    run: async (harness) => keepsBytes(harness, manyBytes(LARGEST)),
  },
  {
    name: 'contents: a body that is a part of a larger buffer is kept alone',
    run: async (harness) => keepsBytes(harness, EVERY_BYTE.subarray(100, 200)),
  },
  {
    name: 'contents: headers come back as they went in',
    async run(harness) {
      const headers = {
        'qbitflow-signature': 't=1790856000,v1=4a15,v1=1cc7',
        'x-odd': `'"\\%{}[]:;,$1 \u00fc`,
        'x-empty': '',
      };
      await harness.store.record(delivery(1, { headers }));
      await harness.store.record(delivery(2, { headers: {} }));
      deepEqual({ ...(await harness.store.get(keyOf(1)))?.headers }, headers);
      deepEqual({ ...(await harness.store.get(keyOf(2)))?.headers }, {});
      const byKey = new Map(
        [await takeNext(harness), await takeNext(harness)].map((t) => [t.key, t]),
      );
      deepEqual({ ...byKey.get(keyOf(1))?.headers }, headers);
      deepEqual({ ...byKey.get(keyOf(2))?.headers }, {});
    },
  },
  {
    name: 'contents: all facts come back to takers, to get and to list',
    async run(harness) {
      const sent = delivery(1, {
        version: 'v1',
        source: 'recovery',
        receivedAt: 1_700_000_000_123,
      });
      await harness.store.record(sent);
      hasFields(await harness.store.get(keyOf(1)), factsOf(sent), 'get');
      const { items } = await harness.store.list({});
      hasFields(items[0], factsOf(sent), 'list');
      hasFields(await takeNext(harness), factsOf(sent), 'takeDue');
    },
  },
  {
    name: 'contents: body and headers of what is done stay readable',
    needs: 'keepsDoneBodies',
    async run(harness) {
      const sent = delivery(1, { raw: EVERY_BYTE });
      await harness.store.record(sent);
      await harness.store.complete(await takeNext(harness), { succeeded: [] });
      const stored = await harness.store.get(keyOf(1));
      sameBytes(stored?.raw, EVERY_BYTE);
      deepEqual({ ...stored?.headers }, sent.headers);
    },
  },
  {
    name: 'contents: a key nobody recorded is undefined',
    async run({ store }) {
      await store.record(delivery(1));
      deepEqual(await store.get('unknown'), undefined);
    },
  },
];
