import type { DurableStore } from '@qbitflow/core';
import { attemptCases } from './durable/attempts.js';
import { clockCases } from './durable/clock.js';
import { completeCases } from './durable/complete.js';
import { connectionCases } from './durable/connections.js';
import { contentsCases } from './durable/contents.js';
import { deadCases } from './durable/dead.js';
import { duplicateCases } from './durable/duplicates.js';
import { dueSinceCases } from './durable/due-since.js';
import { extendCases } from './durable/extend.js';
import { holderCases } from './durable/holders.js';
import { keepKeysCases } from './durable/keep-keys.js';
import { knownSinceCases } from './durable/known-since.js';
import { lapsedLimitCases } from './durable/lapsed-limit.js';
import { laterWebhookCases } from './durable/later-webhook.js';
import { lifecycleCases } from './durable/lifecycle.js';
import { listCases } from './durable/list.js';
import { noteCases, noteClockCases } from './durable/notes.js';
import { oddNumberCases } from './durable/odd-numbers.js';
import { oddTextCases } from './durable/odd-texts.js';
import { onDueCases } from './durable/on-due.js';
import { processCases } from './durable/processes.js';
import { pruneCases } from './durable/prune.js';
import { prunedMeanwhileCases } from './durable/pruned-meanwhile.js';
import { recordCases } from './durable/record.js';
import { recordAndTakeCases } from './durable/record-and-take.js';
import { replayDoneCases } from './durable/replay-done.js';
import { restartCases } from './durable/restart.js';
import { retryCases } from './durable/retry.js';
import { schemaCases } from './durable/schema.js';
import {
  errorSearchCases,
  referenceCases,
  timeRangeCases,
  togetherCases,
} from './durable/search.js';
import { settleCases } from './durable/settle.js';
import { staleClaimCases } from './durable/stale-claims.js';
import { startCases } from './durable/starts.js';
import { statsCases } from './durable/stats.js';
import { takeBySubjectCases } from './durable/take-by-subject.js';
import { takeByTypeCases } from './durable/take-by-type.js';
import { leaseCases, takeDueCases } from './durable/take-due.js';
import { tombstoneCases } from './durable/tombstones.js';
import { transactionCases } from './durable/transactions.js';
import { unhandledCases } from './durable/unhandled.js';
import type { DurableStoreCapabilities, SuiteOptions } from './suite-options.js';
import { registerCases, type StoreKind } from './support/store-harness.js';

/** What `durableStoreSuite` is given. */
export type DurableStoreSuiteOptions = SuiteOptions<DurableStore, DurableStoreCapabilities>;

const KIND: StoreKind<DurableStore> = {
  prepare: async (store) => store.init?.(),
  release: async (store) => store.close(),
};

/**
 * Registers what every `DurableStore` promises, one case a behaviour, with the caller's test runner. Each case gets a
 * store of its own; all of it happens in real time and takes a few seconds. For a store of three methods there is
 * {@link idempotencyStoreSuite}. Never throws: what a store does not keep is a case that fails.
 * @example
 * ```js
 * import { durableStoreSuite } from '@qbitflow/conformance';
 * import { memoryStore } from '@qbitflow/core'; // yours
 * import { test } from 'vitest';
 *
 * durableStoreSuite({
 *   test,
 *   capabilities: {
 *     survivesRestart: false,
 *     sharedBetweenConnections: false,
 *     sharedBetweenProcesses: false,
 *     joinsTransactions: false,
 *   },
 *   createStore: async () => ({ store: memoryStore(), cleanup: async () => {} }),
 * });
 * ```
 */
export function durableStoreSuite(options: DurableStoreSuiteOptions): void {
  const cases = [
    ...lifecycleCases(options.capabilities ?? {}),
    ...schemaCases,
    ...recordCases,
    ...recordAndTakeCases,
    ...contentsCases,
    ...laterWebhookCases,
    ...oddTextCases,
    ...takeDueCases,
    ...takeByTypeCases,
    ...takeBySubjectCases,
    ...leaseCases,
    ...lapsedLimitCases,
    ...dueSinceCases,
    ...extendCases,
    ...startCases,
    ...completeCases,
    ...retryCases,
    ...deadCases,
    ...replayDoneCases,
    ...unhandledCases,
    ...settleCases,
    ...staleClaimCases,
    ...listCases,
    ...referenceCases,
    ...timeRangeCases,
    ...errorSearchCases,
    ...togetherCases,
    ...attemptCases,
    ...duplicateCases,
    ...holderCases,
    ...statsCases,
    ...pruneCases,
    ...tombstoneCases,
    ...keepKeysCases,
    ...prunedMeanwhileCases,
    ...knownSinceCases,
    ...oddNumberCases,
    ...(options.capabilities?.turnsClock === true ? [...clockCases, ...noteClockCases] : []),
    ...noteCases,
    ...onDueCases,
    ...transactionCases,
    ...restartCases,
    ...connectionCases,
    ...processCases,
  ];
  registerCases(cases, KIND, options);
}
