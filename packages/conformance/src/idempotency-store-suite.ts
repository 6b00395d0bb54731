import type { IdempotencyStore } from '@qbitflow/core';
import { claimCases } from './idempotency/claim.js';
import { leaseCases } from './idempotency/lease.js';
import { lostAnswerCases } from './idempotency/lost-answers.js';
import { sharingCases } from './idempotency/sharing.js';
import type { StoreCapabilities, SuiteOptions } from './suite-options.js';
import { registerCases, type StoreKind } from './support/store-harness.js';

/** What `idempotencyStoreSuite` is given. */
export type IdempotencyStoreSuiteOptions = SuiteOptions<IdempotencyStore, StoreCapabilities>;

/** The contract has no `init` and no `close`: `createStore` and `cleanup` see to both. */
const KIND: StoreKind<IdempotencyStore> = {
  prepare: async () => undefined,
  release: async () => undefined,
};

/**
 * Registers what every `IdempotencyStore` promises with the caller's test runner. Each case gets a store of its own. For
 * an inbox there is {@link durableStoreSuite}. Never throws: what a store does not keep is a case that fails.
 * @example
 * ```ts
 * import { idempotencyStoreSuite } from '@qbitflow/conformance';
 * import type { IdempotencyStore } from '@qbitflow/core';
 * import { test } from 'vitest';
 *
 * export function prove(openCache: () => IdempotencyStore) {
 *   idempotencyStoreSuite({
 *     test,
 *     capabilities: { survivesRestart: false, sharedBetweenProcesses: false },
 *     createStore: async () => ({ store: openCache(), cleanup: async () => {} }),
 *   });
 * }
 * ```
 */
export function idempotencyStoreSuite(options: IdempotencyStoreSuiteOptions): void {
  registerCases([...claimCases, ...leaseCases, ...lostAnswerCases, ...sharingCases], KIND, options);
}
