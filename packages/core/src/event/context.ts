import type { Logger } from '../logger.js';
import type { TraceContext } from './trace-context.js';
import type { DeliverySource } from '../store/durable-store.js';

/** What a handler is told beside the event. */
export interface EventContext {
  /** 1 on the first attempt. */
  readonly attempt: number;
  /** When the delivery came, ms since 1970. */
  readonly receivedAt: number;
  /** How the news came first. A webhook that came after a page or a recovery has completed what they saw. */
  readonly source: DeliverySource;
  /** Aborts when the handler's time is up, the lease is lost, or the kit shuts down. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /**
   * The trace of the request that brought the delivery, where its headers named one. A handler runs in no request's
   * async context, and often long after: link its span to this one.
   */
  readonly trace?: TraceContext | undefined;
  /**
   * Inside the merchant's own database transaction `tx`: marks this handler as succeeded, so that its writes and the
   * mark commit together, which is exactly-once. Throws on stores without transactions, and when the lease was lost.
   */
  completeWithin(tx: unknown): Promise<void>;
  /**
   * Runs `work` in a transaction of the store's own database, with this handler marked as succeeded in it: both commit
   * together when `work` resolves, neither when it rejects. What `tx` is depends on the store; its package has a
   * `withTransaction` that knows. Throws on stores without transactions, and when the lease was lost.
   */
  readonly transaction: <Result>(work: (tx: unknown) => Promise<Result>) => Promise<Result>;
}
