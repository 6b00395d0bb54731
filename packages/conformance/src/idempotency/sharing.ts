import { deepEqual, equal } from 'node:assert/strict';
import { fieldOf } from '../support/asserting.js';
import { pass } from '../support/waiting.js';
import { LONG, claimNext, tokenOf, type IdempotencyCase } from './claiming.js';

const KEYS = Array.from({ length: 50 }, (_, index) => `k${index}`);

export const sharingCases: readonly IdempotencyCase[] = [
  {
    name: 'restart: what is done stays done, what is running stays claimed',
    needs: 'survivesRestart',
    async run(harness) {
      await harness.store.complete('done', tokenOf(await harness.store.claim('done', LONG)));
      const token = tokenOf(await harness.store.claim('running', LONG));
      const store = await harness.reopen();
      deepEqual(await store.claim('done', LONG), { status: 'done' });
      deepEqual(await store.claim('running', LONG), { status: 'running' });
      equal(await store.complete('running', token), true);
    },
  },
  {
    name: 'connections: of claims on both at once one each is claimed',
    needs: 'sharedBetweenConnections',
    async run(harness) {
      const stores = [harness.store, await harness.openSecond()];
      const claims = KEYS.flatMap((key) => stores.map(async (store) => store.claim(key, LONG)));
      const said = (await Promise.all(claims)).map(({ status }) => status);
      equal(said.filter((status) => status === 'claimed').length, 50);
      equal(said.filter((status) => status === 'running').length, 50);
    },
  },
  {
    name: 'connections: a claim lost to the other connection is refused',
    needs: 'sharedBetweenConnections',
    async run(harness) {
      const other = await harness.openSecond();
      const stale = tokenOf(await harness.store.claim('k', { leaseMs: harness.leaseMs }));
      await pass(harness, harness.leaseMs);
      const current = await claimNext(harness, 'k', other);
      equal(await harness.store.complete('k', stale), false);
      equal(await other.complete('k', current), true);
      deepEqual(await harness.store.claim('k', LONG), { status: 'done' });
    },
  },
  {
    name: 'processes: of four that claim the same keys at once one each is claimed',
    needs: 'sharedBetweenProcesses',
    async run(harness) {
      const processes = await harness.openProcesses(4);
      const claims = KEYS.flatMap((key) => processes.map(async (p) => p.call('claim', key, LONG)));
      const said = (await Promise.all(claims)).map((result) => fieldOf(result, 'status'));
      equal(said.filter((status) => status === 'claimed').length, 50);
      equal(said.filter((status) => status === 'running').length, 150);
    },
  },
  {
    name: 'processes: what a killed one had claimed can be claimed once its lease has lapsed',
    needs: 'sharedBetweenProcesses',
    async run(harness) {
      const [victim] = await harness.openProcesses(1);
      const result = await victim?.call('claim', 'k', { leaseMs: harness.leaseMs });
      equal(fieldOf(result, 'status'), 'claimed');
      await victim?.kill();
      equal(await harness.store.complete('k', await claimNext(harness, 'k')), true);
    },
  },
];
