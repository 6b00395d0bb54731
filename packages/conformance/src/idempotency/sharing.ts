import { deepEqual, equal } from 'node:assert/strict';
import { fieldOf } from '../support/field-of.js';
import { pass } from '../support/waiting.js';
import { claimNext, LONG, tokenOf, type IdempotencyCase } from './case.js';

const KEYS = Array.from({ length: 50 }, (_, index) => `k${index}`);

export const sharingCases: readonly IdempotencyCase[] = [
  {
    name: 'restart: what is done stays done, what is running stays claimed',
    needs: 'survivesRestart',
    async run(bench) {
      await bench.store.complete('done', tokenOf(await bench.store.claim('done', LONG)));
      const token = tokenOf(await bench.store.claim('running', LONG));
      const store = await bench.reopen();
      deepEqual(await store.claim('done', LONG), { status: 'done' });
      deepEqual(await store.claim('running', LONG), { status: 'running' });
      equal(await store.complete('running', token), true);
    },
  },
  {
    name: 'connections: of claims on both at once one each is claimed',
    needs: 'sharedBetweenConnections',
    async run(bench) {
      const stores = [bench.store, await bench.openSecond()];
      const claims = KEYS.flatMap((key) => stores.map(async (store) => store.claim(key, LONG)));
      const said = (await Promise.all(claims)).map(({ status }) => status);
      equal(said.filter((status) => status === 'claimed').length, 50);
      equal(said.filter((status) => status === 'running').length, 50);
    },
  },
  {
    name: 'connections: a claim lost to the other connection is refused',
    needs: 'sharedBetweenConnections',
    async run(bench) {
      const other = await bench.openSecond();
      const stale = tokenOf(await bench.store.claim('k', { leaseMs: bench.leaseMs }));
      await pass(bench, bench.leaseMs);
      const current = await claimNext(bench, 'k', other);
      equal(await bench.store.complete('k', stale), false);
      equal(await other.complete('k', current), true);
      deepEqual(await bench.store.claim('k', LONG), { status: 'done' });
    },
  },
  {
    name: 'processes: of four that claim the same keys at once one each is claimed',
    needs: 'sharedBetweenProcesses',
    async run(bench) {
      const processes = await bench.openProcesses(4);
      const claims = KEYS.flatMap((key) => processes.map(async (p) => p.call('claim', key, LONG)));
      const said = (await Promise.all(claims)).map((result) => fieldOf(result, 'status'));
      equal(said.filter((status) => status === 'claimed').length, 50);
      equal(said.filter((status) => status === 'running').length, 150);
    },
  },
  {
    name: 'processes: what a killed one had claimed can be claimed once its lease has lapsed',
    needs: 'sharedBetweenProcesses',
    async run(bench) {
      const [victim] = await bench.openProcesses(1);
      const result = await victim?.call('claim', 'k', { leaseMs: bench.leaseMs });
      equal(fieldOf(result, 'status'), 'claimed');
      await victim?.kill();
      equal(await bench.store.complete('k', await claimNext(bench, 'k')), true);
    },
  },
];
