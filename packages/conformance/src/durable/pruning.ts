import type { NewDelivery } from '@qbitflow/core';
import { equal } from 'node:assert/strict';
import { tick } from '../support/waiting.js';
import type { DurableBench } from './case.js';
import { recordAtOnce, takeAll } from './taking.js';

/** Records all of them, completes them, and waits until they have been done for a moment. */
export async function makeDone(bench: DurableBench, all: readonly NewDelivery[]): Promise<void> {
  await recordAtOnce(bench, all);
  const taken = await takeAll([bench.store], { limit: 100, most: all.length });
  equal(taken.length, all.length, 'not everything that was recorded could be taken');
  const claims = taken.map(async (claim) => bench.store.complete(claim, { succeeded: ['a'] }));
  await Promise.all(claims);
  await tick(bench);
}

/** Leaves the keys of these deliveries and nothing else of them. */
export async function makeTombstones(
  bench: DurableBench,
  all: readonly NewDelivery[],
): Promise<void> {
  await makeDone(bench, all);
  equal(await bench.store.prune({ doneForMs: 0, limit: all.length }), all.length);
  await tick(bench);
}
