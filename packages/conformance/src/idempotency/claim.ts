import { deepEqual, equal } from 'node:assert/strict';
import { ODD_TEXTS } from '../support/odd-texts.js';
import { pass } from '../support/waiting.js';
import { LONG, tokenOf, type IdempotencyCase } from './claiming.js';

export const claimCases: readonly IdempotencyCase[] = [
  {
    name: 'claim: a fresh key is claimed once, then running',
    async run({ store }) {
      tokenOf(await store.claim('k', LONG));
      deepEqual(await store.claim('k', LONG), { status: 'running' });
    },
  },
  {
    name: 'claim: of fifty at once one is claimed',
    async run({ store }) {
      const claims = Array.from({ length: 50 }, async () => store.claim('k', LONG));
      const said = (await Promise.all(claims)).map(({ status }) => status);
      deepEqual(
        ['claimed', 'running', 'done'].map((one) => said.filter((status) => status === one).length),
        [1, 49, 0],
      );
    },
  },
  {
    name: 'claim: every claim has a token of its own',
    async run({ store }) {
      const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
      const tokens = await Promise.all(
        keys.map(async (key) => tokenOf(await store.claim(key, LONG))),
      );
      equal(new Set(tokens).size, 20);
    },
  },
  {
    name: 'complete: done for good, past the lease too',
    async run(harness) {
      const { store, leaseMs } = harness;
      const token = tokenOf(await store.claim('k', { leaseMs }));
      equal(await store.complete('k', token), true);
      deepEqual(await store.claim('k', LONG), { status: 'done' });
      await pass(harness, leaseMs * 2);
      deepEqual(await store.claim('k', LONG), { status: 'done' });
    },
  },
  {
    name: 'complete: what is done cannot be released',
    async run({ store }) {
      const token = tokenOf(await store.claim('k', LONG));
      await store.complete('k', token);
      await store.release('k', token);
      deepEqual(await store.claim('k', LONG), { status: 'done' });
    },
  },
  {
    name: 'release: the key can be claimed again, by a new token',
    async run({ store }) {
      const first = tokenOf(await store.claim('k', LONG));
      equal(await store.release('k', first), true);
      const second = tokenOf(await store.claim('k', LONG));
      equal(new Set([first, second]).size, 2);
      equal(await store.complete('k', first), false);
      deepEqual(await store.claim('k', LONG), { status: 'running' });
      equal(await store.complete('k', second), true);
    },
  },
  {
    name: "complete and release: refused for another key's token, no token and an unknown key",
    async run({ store }) {
      const one = tokenOf(await store.claim('one', LONG));
      const two = tokenOf(await store.claim('two', LONG));
      const refused = [
        ['one', two],
        ['one', ''],
        ['unknown', one],
      ] as const;
      for (const [key, token] of refused) {
        equal(await store.complete(key, token), false);
        equal(await store.release(key, token), false);
      }
      deepEqual(await store.claim('one', LONG), { status: 'running' });
      tokenOf(await store.claim('unknown', LONG));
    },
  },
  {
    name: 'odd texts: keys of any printable ASCII up to 512 characters are kept apart',
    async run({ store }) {
      const tokens = await Promise.all(
        ODD_TEXTS.map(async (key) => tokenOf(await store.claim(key, LONG))),
      );
      for (const [index, key] of ODD_TEXTS.entries()) {
        const token = tokens[index] ?? '';
        equal(
          await (index % 2 === 0 ? store.complete(key, token) : store.release(key, token)),
          true,
        );
      }
      for (const [index, key] of ODD_TEXTS.entries())
        equal((await store.claim(key, LONG)).status, index % 2 === 0 ? 'done' : 'claimed', key);
    },
  },
];
