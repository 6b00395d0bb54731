// For authors of stores. Merchants need `@qbitflow/core` alone.

// The contract
export { KEPT_ATTEMPTS, type AttemptRecord, type HandlerRecord } from './store/attempt-record.js';
export type {
  BuryOptions,
  Claim,
  ClaimOutcome,
  DeliveryPage,
  DeliverySource,
  DeliveryState,
  DurableStore,
  ExtendOptions,
  LaterWebhook,
  ListFilter,
  NewDelivery,
  Progress,
  PruneOptions,
  RecordOptions,
  RecordOutcome,
  RetryOptions,
  SettleOptions,
  StoredDelivery,
  StoreNote,
  StoreStart,
  StoreStats,
  TakenDelivery,
  TakeOptions,
  TypeFilter,
} from './store/durable-store.js';
export type { StoreSchema } from './store/store-schema.js';
export type { ClaimResult, IdempotencyStore } from './store/idempotency-store.js';

// What deliveries are kept as
export {
  arrivalOf,
  DELIVERY_STATES,
  readAttempts,
  readBytes,
  readHeaders,
  readNames,
  readNumber,
  readState,
  readStored,
  readTaken,
  readText,
  readWebhook,
  readWord,
  storableText,
  type RecordedFields,
  type StoredFields,
  type TakenFields,
  type WebhookFields,
} from './store-kit/delivery-codec.js';

// What methods are called with
export { numberChecks, type NumberChecks } from './store-kit/numbers.js';
export {
  errorSearch,
  MOST_SEARCHED,
  readFilter,
  type ReadFilter,
} from './store-kit/list-filter.js';
export { holderMark, holderOf } from './store-kit/holder.js';
export { checkNote, MOST_NOTES, type GivenNote } from './store-kit/notes.js';
export { readPageRequest, toPage, type PageRequest, type PageRows } from './store-kit/paging.js';
export { assertKnownOptions } from './known-options.js';

// At work
export { settled } from './settled.js';
export { groupCommit, type GroupCommitOptions } from './store/group-commit.js';
export {
  createDueListeners,
  type DueListener,
  type DueListeners,
} from './store-kit/due-listeners.js';
export {
  inBackground,
  safeDelayMs,
  sleep,
  systemClock,
  withTimeout,
  type CancelTimer,
  type Clock,
  type TimeLimit,
  type TimerOptions,
} from './clock.js';

// Errors and logging
export { asError, isQBitFlowError, QBitFlowError, type ErrorCode } from './errors.js';
export {
  storeClosed,
  storeUnavailable,
  wrongArgument,
  type StoreErrorOptions,
} from './store-kit/store-errors.js';
export { safeLogger, silentLogger, type Logger, type LogMethod } from './logger.js';
