import { setImmediate } from 'node:timers';
import { detached } from '../async-context.js';
import type { CancelTimer, Clock } from '../clock.js';
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
import type { Soon } from '../settled.js';
import type { Runtime } from '../runtime.js';
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
    const running = runHandler(dispatch, handler, left === 0 && failures.length === 0);
    const error = running instanceof Promise ? await running : running;
    if (error !== undefined) {
      failures.push({ handler: handler.name, error });
      continue;
    }
    succeeded.push(handler.name);
    if (left > 0) await dispatch.onProgress(handler.name);
  }
  return { succeeded, failures };
}

/** What the handler failed with, if it did: at once where it waits for nothing. */
function runHandler(
  dispatch: Dispatch,
  handler: Registration,
  isLast: boolean,
): Soon<Error | undefined> {
  const stop = dispatch.stop.follower();
  const context = dispatch.makeContext({ handler: handler.name, isLast, stop });
  try {
    // In a context of its own, which no other handler has changed, and in that of no request.
    const running = detached(() => handler.run(dispatch.event, context));
    if (isThenable(running)) return inTime(dispatch, handler, { stop, running });
  } catch (thrown) {
    return asError(thrown);
  }
  return undefined;
}

interface Running {
  readonly stop: StopSwitch;
  readonly running: PromiseLike<unknown>;
}

function inTime(
  { clock, timeoutMs }: Dispatch,
  handler: Registration,
  { stop, running }: Running,
): Promise<Error | undefined> {
  return new Promise((resolve) => {
    let cancel: CancelTimer | undefined;
    let isOver = false;
    function end(error?: Error): void {
      isOver = true;
      cancel?.();
      resolve(error);
    }
    // One from elsewhere may call back twice, or throw.
    Promise.resolve(running).then(
      () => {
        end();
      },
      (thrown: unknown) => {
        end(asError(thrown));
      },
    );
    // Most handlers in tests and many in shops are over by then: a timer for each would cost more than they do.
    setImmediate(() => {
      if (isOver) return;
      // A handler that waits for nothing that is alive can never go on: no reason to wait for it.
      cancel = clock.after(
        timeoutMs,
        () => {
          const late = tookTooLong(handler, timeoutMs);
          stop.stop(late);
          end(late);
        },
        { background: true },
      );
    });
  });
}

/** Handlers may give promises of another library's. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof Reflect.get(value, 'then') === 'function'
  );
}

function tookTooLong({ name }: Registration, timeoutMs: number): QBitFlowError {
  const message = `handler ${name} took longer than ${timeoutMs} ms: its signal was aborted and this attempt failed`;
  return new QBitFlowError('handler_timeout', message, { facts: { handler: name, timeoutMs } });
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

/** One attempt, as the contexts of its handlers share it. */
export class Attempt {
  /** Whether a handler's own transaction has completed the delivery. */
  completed = false;

  constructor(
    readonly runtime: Pick<Runtime, 'store' | 'logger'>,
    readonly taken: TakenDelivery,
    /** Released when a handler's transaction completes the delivery, before it commits: stopping comes too late then. */
    readonly stop: StopSwitch,
  ) {}

  contextFor(recipient: ContextFor): EventContext {
    return new HandlerContext(this, recipient);
  }
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
    const { taken, runtime } = attempt;
    this.attempt = taken.started;
    this.receivedAt = taken.receivedAt;
    this.source = taken.source;
    this.logger = runtime.logger;
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
    const { taken, runtime, stop } = this.#attempt;
    const { store } = runtime;
    const progress = { succeeded: [handler], done: isLast };
    if (store.completeWithin === undefined) throw noTransactions(store, 'to complete within');
    const outcome = await store.completeWithin(tx, taken, progress);
    if (outcome === 'lost') throw leaseLost(taken.key);
    if (!isLast) return;
    this.#attempt.completed = true;
    stop.release();
  }

  async transaction<Result>(work: (tx: unknown) => Promise<Result>): Promise<Result> {
    const { store } = this.#attempt.runtime;
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
