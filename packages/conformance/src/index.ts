/**
 * The suites that every store and every adapter passes.
 * @module @qbitflow/conformance
 */

// The suites
export { adapterSuite, type AdapterSuiteOptions } from './adapter-suite.js';
export { durableStoreSuite, type DurableStoreSuiteOptions } from './durable-store-suite.js';
export {
  idempotencyStoreSuite,
  type IdempotencyStoreSuiteOptions,
} from './idempotency-store-suite.js';

// What they are given
export type {
  DurableStoreCapabilities,
  ProcessModule,
  RegisterTest,
  StoreCapabilities,
  StoreUnderTest,
  SuiteOptions,
} from './suite-options.js';

export type {
  AdapterCapabilities,
  AppPlan,
  BodyParser,
  CreateApp,
  Mounted,
} from './adapter/adapter-plan.js';

// Without a test runner
export { createRunner, type CaseResult, type Runner, type RunOptions } from './runner.js';
