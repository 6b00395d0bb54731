import { nextTick } from 'node:process';
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
import type { Runtime } from '../runtime.js';
import type { AttemptRecord } from '../store/attempt-record.js';
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

/** One attempt at one event, as those who run its handlers see it. */
export interface Dispatch {
  /** Used when the lease is lost or the kit shuts down. */
  readonly stop: StopSwitch;
  readonly deadlines: Deadlines;
  contextFor(recipient: ContextFor): EventContext;
  /** Told after each success with others still to come, so that a crash does not repeat it. */
  onProgress(handler: string): Promise<void>;
  /** Called when a handler has ended, with what it failed with. */
  onEnded(handler: string, error: Error | undefined): void;
}

/**
 * Runs the handlers one after the other. Each gets its turn whatever the others did: a failure is collected, a hanging
 * handler is given up after its time.
 */
export async function dispatchToHandlers(
  dispatch: Dispatch,
  event: WebhookEvent,
  handlers: readonly Registration[],
): Promise<DispatchResult> {
  // Made anew for each: most deliveries have one handler, and a list that grows is made for seventeen.
  let succeeded: readonly string[] = [];
  let failures: readonly HandlerFailure[] = [];
  let left = handlers.length;
  for (const handler of handlers) {
    if (dispatch.stop.stopped) break;
    left -= 1;
    const stop = dispatch.stop.follower();
    const isLast = left === 0 && failures.length === 0;
    const context = dispatch.contextFor({ handler: handler.name, isLast, stop });
    const running = runHandler(handler, event, context);
    const error = isThenable(running)
      ? await dispatch.deadlines.hold(new RunningHandler(handler, stop), running)
      : running;
    dispatch.onEnded(handler.name, error);
    if (error !== undefined) {
      failures = [...failures, { handler: handler.name, error }];
      continue;
    }
    succeeded = [...succeeded, handler.name];
    if (left > 0) await dispatch.onProgress(handler.name);
  }
  return { succeeded, failures };
}

/** What the handler waits for, or what it failed with at once. */
function runHandler(
  handler: Registration,
  event: WebhookEvent,
  context: EventContext,
): PromiseLike<unknown> | Error | undefined {
  try {
    // In a context of its own, which no other handler has changed, and in that of no request.
    const running = detached(() => handler.run(event, context));
    return isThenable(running) ? running : undefined;
  } catch (thrown) {
    return asError(thrown);
  }
}

/** A handler at work. A class: a closure for each of its steps, for every delivery, adds up. */
class RunningHandler {
  isOver = false;
  cancel: CancelTimer | undefined;
  resolve: (error: Error | undefined) => void = nothing;

  constructor(
    private readonly handler: Registration,
    private readonly stop: StopSwitch,
  ) {}

  end(error?: Error): void {
    this.isOver = true;
    this.cancel?.();
    this.resolve(error);
  }

  tookTooLong(timeoutMs: number): void {
    const late = tookTooLong(this.handler, timeoutMs);
    this.stop.stop(late);
    this.end(late);
  }
}

/**
 * Gives up handlers that take longer than `timeoutMs` (ms). The timer of one begins when all that waits for nothing has been
 * done, and many are over by then: a timer for each would cost more than they do.
 */
export class Deadlines {
  #started: RunningHandler[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly timeoutMs: number,
  ) {}

  /** What the handler failed with, if it did. */
  hold(handler: RunningHandler, running: PromiseLike<unknown>): Promise<Error | undefined> {
    return new Promise((resolve) => {
      handler.resolve = resolve;
      // One from another library may call back twice, or throw.
      Promise.resolve(running).then(
        () => {
          handler.end();
        },
        (thrown: unknown) => {
          handler.end(asError(thrown));
        },
      );
      // Behind all that ends without waiting for anything, and still in this turn of the event loop: one more costs a
      // system call.
      if (this.#started.push(handler) === 1)
        queueMicrotask(() => {
          nextTick(() => {
            this.#armTimers();
          });
        });
    });
  }

  #armTimers(): void {
    const started = this.#started;
    this.#started = [];
    for (const handler of started) if (!handler.isOver) this.#arm(handler);
  }

  #arm(handler: RunningHandler): void {
    const { clock, timeoutMs } = this;
    const giveUp = (): void => {
      handler.tookTooLong(timeoutMs);
    };
    // A handler that waits for nothing that is alive can never go on: no reason to wait for it.
    handler.cancel = clock.after(timeoutMs, giveUp, { background: true });
  }
}

const nothing = (): void => undefined;

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

/** What the contexts of one attempt share. */
export interface ContextFacts {
  readonly runtime: Pick<Runtime, 'store' | 'logger'>;
  readonly taken: TakenDelivery;
  readonly stop: StopSwitch;
  /** The attempt as this handler ends it by itself. */
  doneBy(handler: string): AttemptRecord;
  /** Set once a handler's own transaction has completed the delivery. */
  completed: boolean;
}

/** What one handler is told and may do. A class for the sake of its getter: see {@link StopSwitch}. */
export class HandlerContext implements EventContext {
  readonly attempt: number;
  readonly receivedAt: number;
  readonly source: TakenDelivery['source'];
  readonly logger: Logger;
  readonly #attempt: ContextFacts;
  readonly #recipient: ContextFor;

  constructor(attempt: ContextFacts, recipient: ContextFor) {
    const { taken, runtime } = attempt;
    this.attempt = taken.started;
    this.receivedAt = taken.receivedAt;
    this.source = taken.source;
    this.logger = runtime.logger;
    this.#attempt = attempt;
    this.#recipient = recipient;
  }

  // Functions of their own, as handlers take it apart: `async (event, { completeWithin }) => …`. Made when asked for.

  get completeWithin(): EventContext['completeWithin'] {
    return async (tx) => this.#completeWithin(tx);
  }

  get transaction(): EventContext['transaction'] {
    return async (work) => this.#transaction(work);
  }

  get trace(): TraceContext | undefined {
    return traceContextOf(this.#attempt.taken.headers);
  }

  get signal(): AbortSignal {
    return this.#recipient.stop.signal;
  }

  async #completeWithin(tx: unknown): Promise<void> {
    const { handler, isLast } = this.#recipient;
    const { taken, runtime, stop } = this.#attempt;
    const { store } = runtime;
    if (store.completeWithin === undefined) throw noTransactions(store, 'to complete within');
    const attempt = isLast ? this.#attempt.doneBy(handler) : undefined;
    const progress = { succeeded: [handler], done: isLast, attempt };
    const outcome = await store.completeWithin(tx, taken, progress);
    if (outcome === 'lost') throw leaseLost(taken.key);
    if (!isLast) return;
    this.#attempt.completed = true;
    stop.release();
  }

  async #transaction<Result>(work: (tx: unknown) => Promise<Result>): Promise<Result> {
    const { store } = this.#attempt.runtime;
    const { stop } = this.#recipient;
    if (store.transaction === undefined) throw noTransactions(store, 'of its own');
    return store.transaction(async (tx) => {
      // Its time may have run out while it waited for a connection: another attempt may be at work by now.
      if (stop.stopped) stop.signal.throwIfAborted();
      const result = await work(tx);
      await this.#completeWithin(tx);
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
