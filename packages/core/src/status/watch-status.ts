import type { AbortRelay } from '../abort-relay.js';
import type { TransactionStatusReport } from '../api/transactions.js';
import { encodeId, type TransactionReference } from '../api/transaction-ids.js';
import { systemClock, keepAlive } from '../clock.js';
import { isFinal } from './is-final.js';
import type { StatusHub } from './status-hub.js';

/** `signal` ends the iteration early, without an error. */
export interface WatchOptions {
  readonly signal?: AbortSignal | undefined;
}

/** What {@link watchStatus} works with. */
export interface WatchDeps {
  readonly hub: StatusHub;
  readonly aborts: AbortRelay;
}

type Step = IteratorResult<TransactionStatusReport, undefined>;

/**
 * Every change of a transaction's status, the current one first, until it is final. Nothing is asked before the first
 * step. A reader slower than the changes sees the latest only. Leaving the loop lets go of everything, and so does
 * `return()`, at once, also while a step is awaited; closing the kit ends it. The first step rejects with
 * `invalid_reference` for what cannot be an id.
 *
 * Not an async generator: its `return()` would wait for the step under way, which may never come.
 */
export function watchStatus(
  { hub, aborts }: WatchDeps,
  reference: TransactionReference,
  { signal }: WatchOptions = {},
): AsyncIterableIterator<TransactionStatusReport, undefined> {
  /** Steps that are awaited, the oldest first. */
  const waiting: ((step: Step) => void)[] = [];
  let state: 'new' | 'open' | 'over' = 'new';
  let latest: TransactionStatusReport | undefined;
  let shown = '';
  let leave = (): void => undefined;
  let letGo = (): void => undefined;

  function begin(): void {
    state = 'over';
    encodeId(reference.uuid);
    if (signal?.aborted === true) return;
    state = 'open';
    const stops = [
      hub.subscribe(reference, {
        onAnswer: (answer) => {
          if (answer.kind === 'report') hear(answer.report);
        },
        onClosed: end,
      }),
      ...(signal === undefined ? [] : [aborts.onAbort(signal, end)]),
    ];
    leave = () => {
      for (const stop of stops) stop();
    };
    if (isOver()) leave();
  }

  function hear(report: TransactionStatusReport): void {
    latest = JSON.stringify(report) === shown ? undefined : report;
    if (latest === undefined || waiting.length === 0) return;
    waiting.shift()?.(show(latest));
    if (waiting.length === 0) letGo();
  }

  function show(value: TransactionStatusReport): Step {
    latest = undefined;
    shown = JSON.stringify(value);
    if (isFinal({ kind: 'report', report: value })) end();
    return { done: false, value };
  }

  function end(): void {
    state = 'over';
    latest = undefined;
    leave();
    letGo();
    for (const resolve of waiting.splice(0)) resolve(OVER);
  }

  function isOver(): boolean {
    return state === 'over';
  }

  /** Whoever awaits a step keeps the process alive, by whatever clock the kit goes. */
  async function wait(): Promise<Step> {
    if (waiting.length === 0) letGo = keepAlive(systemClock);
    return new Promise((resolve) => waiting.push(resolve));
  }

  const iterator: AsyncIterableIterator<TransactionStatusReport, undefined> = {
    async next() {
      if (state === 'new') begin();
      if (isOver()) return OVER;
      return latest === undefined ? wait() : show(latest);
    },
    async return() {
      end();
      return OVER;
    },
    async throw(error) {
      end();
      throw error;
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return Object.assign(iterator, { [Symbol.asyncDispose]: async () => end() });
}

const OVER: Step = Object.freeze({ done: true, value: undefined });
