import { detached } from '../async-context.js';
import type { Clock } from '../clock.js';
import { asError, QBitFlowError } from '../errors.js';
import {
  type EventContext,
  type Registration,
  traceContextOf,
  type TraceContext,
} from '../event/handlers.js';
import type { WebhookEvent } from '../event/types.js';
import type { StopSwitch } from './claims.js';
import type { Logger } from '../logger.js';
import type { DurableStore, TakenDelivery } from '../store/durable-store.js';

/** A handler that did not succeed, and why. */
export interface HandlerFailure {
  readonly handler: string;
  readonly error: Error;
}

/** How an attempt went. */
export interface DispatchResult {
  readonly succeeded: readonly string[];
  readonly failures: readonly HandlerFailure[];
}

/** One attempt at one event. */
export interface Dispatch {
  readonly event: WebhookEvent;
  /** Handlers still to succeed, in order. */
  readonly handlers: readonly Registration[];
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Used when the lease is lost or the kit shuts down. */
  readonly stop: StopSwitch;
  readonly makeContext: MakeContext;
  /** Told after each success with others still to come, so that a crash does not repeat it. */
  readonly onProgress: (handler: string) => Promise<void>;
}

/**
 * Runs the handlers one after the other. Each gets its turn whatever the others did: a failure is collected, a hanging
 * handler is given up after its time.
 */
export async function dispatchToHandlers(dispatch: Dispatch): Promise<DispatchResult> {
  const succeeded: string[] = [];
  const failures: HandlerFailure[] = [];
  let left = dispatch.handlers.length;
  for (const handler of dispatch.handlers) {
    if (dispatch.stop.stopped) break;
    left -= 1;
    const error = await runHandler(dispatch, handler, left === 0 && failures.length === 0);
    if (error !== undefined) {
      failures.push({ handler: handler.name, error });
      continue;
    }
    succeeded.push(handler.name);
    if (left > 0) await dispatch.onProgress(handler.name);
  }
  return { succeeded, failures };
}

async function runHandler(
  dispatch: Dispatch,
  handler: Registration,
  isLast: boolean,
): Promise<Error | undefined> {
  const { clock, timeoutMs, event } = dispatch;
  const stop = dispatch.stop.follower();
  return new Promise<Error | undefined>((resolve) => {
    function giveUp(): void {
      const late = tookTooLong(handler, timeoutMs);
      stop.stop(late);
      resolve(late);
    }
    // A handler that waits for nothing that is alive can never go on: no reason to wait for it.
    const cancel = clock.after(timeoutMs, giveUp, { background: true });
    invoke(handler, event, dispatch.makeContext({ handler: handler.name, isLast, stop })).then(
      () => {
        cancel();
        resolve(undefined);
      },
      (thrown: unknown) => {
        cancel();
        resolve(asError(thrown));
      },
    );
  });
}

function tookTooLong({ name }: Registration, timeoutMs: number): QBitFlowError {
  const message = `handler ${name} took longer than ${timeoutMs} ms: its signal was aborted and this attempt failed`;
  return new QBitFlowError('handler_timeout', message, { facts: { handler: name, timeoutMs } });
}

/** Each in a context of its own, which no other handler has changed, and in that of no request. */
async function invoke(
  handler: Registration,
  event: WebhookEvent,
  context: EventContext,
): Promise<void> {
  // async: a handler that throws at once rejects like one that throws later.
  await detached(() => handler.run(event, context));
}

/** Whom a context is for. */
export interface ContextFor {
  readonly handler: string;
  /** Whether the delivery is done once this handler succeeds. */
  readonly isLast: boolean;
  readonly stop: StopSwitch;
}

/** Makes the context of one handler. */
export type MakeContext = (recipient: ContextFor) => EventContext;

/** What the contexts of one attempt share. */
interface Attempt {
  readonly store: DurableStore;
  readonly logger: Logger;
  readonly taken: TakenDelivery;
  readonly onCompleted: () => void;
  /** Whether a handler's own transaction has completed the delivery. */
  completed: boolean;
}

/**
 * Makes the contexts of one attempt, and knows whether a handler's transaction completed the delivery. `onCompleted` is
 * called when one has, before it commits.
 */
export function contextMaker(
  { store, logger }: { readonly store: DurableStore; readonly logger: Logger },
  taken: TakenDelivery,
  onCompleted: () => void = () => undefined,
): { readonly makeContext: MakeContext; readonly completed: () => boolean } {
  const attempt: Attempt = { store, logger, taken, onCompleted, completed: false };
  return {
    completed: () => attempt.completed,
    makeContext: (recipient) => new HandlerContext(attempt, recipient),
  };
}

/** A class for the sake of its getter: see {@link StopSwitch}. */
class HandlerContext implements EventContext {
  readonly attempt: number;
  readonly receivedAt: number;
  readonly source: TakenDelivery['source'];
  readonly logger: Logger;
  readonly #attempt: Attempt;
  readonly #recipient: ContextFor;

  constructor(attempt: Attempt, recipient: ContextFor) {
    this.attempt = attempt.taken.started;
    this.receivedAt = attempt.taken.receivedAt;
    this.source = attempt.taken.source;
    this.logger = attempt.logger;
    this.#attempt = attempt;
    this.#recipient = recipient;
    // Handlers take it apart: `async (event, { completeWithin }) => …`.
    this.completeWithin = this.completeWithin.bind(this);
    this.transaction = this.transaction.bind(this);
  }

  get trace(): TraceContext | undefined {
    return traceContextOf(this.#attempt.taken.headers);
  }

  get signal(): AbortSignal {
    return this.#recipient.stop.signal;
  }

  async completeWithin(tx: unknown): Promise<void> {
    const { handler, isLast } = this.#recipient;
    const { store, taken } = this.#attempt;
    const progress = { succeeded: [handler], done: isLast };
    if (store.completeWithin === undefined) throw noTransactions(store, 'to complete within');
    const outcome = await store.completeWithin(tx, taken, progress);
    if (outcome === 'lost') throw leaseLost(taken.key);
    if (!isLast) return;
    this.#attempt.completed = true;
    this.#attempt.onCompleted();
  }

  async transaction<Result>(work: (tx: unknown) => Promise<Result>): Promise<Result> {
    const { store } = this.#attempt;
    const { stop } = this.#recipient;
    if (store.transaction === undefined) throw noTransactions(store, 'of its own');
    return store.transaction(async (tx) => {
      // Its time may have run out while it waited for a connection: another attempt may be at work by now.
      if (stop.stopped) stop.signal.throwIfAborted();
      const result = await work(tx);
      await this.completeWithin(tx);
      return result;
    });
  }
}

function noTransactions({ name }: DurableStore, what: string): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    `the ${name} store has no transactions ${what}: use a store that has`,
  );
}

function leaseLost(key: string): QBitFlowError {
  const message =
    'the lease lapsed and another worker has the delivery: roll this transaction back, its effect belongs to the other one';
  return new QBitFlowError('lease_lost', message, { facts: { key } });
}
