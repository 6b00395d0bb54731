import { fail } from 'node:assert/strict';
import type { ClaimResult, IdempotencyStore } from '@qbitflow/core';
import type { StoreCapabilities } from '../suite-options.js';
import type { StoreHarness, ConformanceCase } from '../support/store-harness.js';
import { eventually } from '../support/waiting.js';

/** One behaviour of an idempotency store. */
export type IdempotencyCase = ConformanceCase<IdempotencyStore, StoreCapabilities>;

/** What a case about an idempotency store works with. */
export type IdempotencyHarness = StoreHarness<IdempotencyStore>;

/** A lease that never lapses within a case. */
export const LONG = { leaseMs: 600_000 };

/** The token of a claim that must have succeeded. */
export function tokenOf(result: ClaimResult): string {
  if (result.status === 'claimed') return result.token;
  return fail(`expected to claim the key, was told it is ${result.status}`);
}

/** Claims a key as soon as it can be claimed; resolves with the token. */
export async function claimNext(
  harness: IdempotencyHarness,
  key: string,
  store: IdempotencyStore = harness.store,
): Promise<string> {
  return eventually(harness, `claiming ${key}`, async () => {
    const result = await store.claim(key, LONG);
    return result.status === 'claimed' ? result.token : undefined;
  });
}
