import { createAbortRelay, type AbortRelay } from '../abort-relay.js';
import type { TransactionStatusReport } from '../api/transactions.js';
import { encodeId, type TransactionReference } from '../api/transaction-ids.js';
import { systemClock, keepAlive } from '../clock.js';
import type { StatusHub } from './hub.js';
import { meaningOf } from './transaction-status.js';

/** `signal` ends the iteration early, without an error. */
export interface WatchOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Follows one transaction's status. */
export type WatchStatus = (
  reference: TransactionReference,
  options?: WatchOptions,
) => AsyncIterableIterator<TransactionStatusReport, undefined>;

type Step = IteratorResult<TransactionStatusReport, undefined>;

/**
 * Every change of a transaction's status, the current one first, until it is final. Nothing is asked before the first
 * step. A reader slower than the changes sees the latest only. Leaving the loop unsubscribes, and so does `return()`, at
 * once, also while a step is awaited; closing the kit ends it. The first step rejects with `invalid_reference` for what
 * cannot be an id.
 */
export function createWatchStatus(hub: StatusHub): WatchStatus {
  const aborts = createAbortRelay();
  return (reference, options = {}) => watch(hub, aborts, reference, options);
}

/** Not an async generator: its `return()` would wait for the step under way, which may never come. */
function watch(
  hub: StatusHub,
  aborts: AbortRelay,
  reference: TransactionReference,
  { signal }: WatchOptions,
): ReturnType<WatchStatus> {
  /** Steps that are awaited, the oldest first. */
  const waiting: ((step: Step) => void)[] = [];
  let state: 'new' | 'open' | 'over' = 'new';
  let latest: TransactionStatusReport | undefined;
  let shown = '';
  let unsubscribe = (): void => undefined;
  let releaseProcess = (): void => undefined;

  function begin(): void {
    state = 'over';
    encodeId(reference.uuid);
    if (signal?.aborted === true) return;
    state = 'open';
    const stops = [
      hub.subscribe(reference, {
        onAnswer: (answer) => {
          if (answer.kind === 'report') update(answer.report);
        },
        onClosed: end,
      }),
      ...(signal === undefined ? [] : [aborts.onAbort(signal, end)]),
    ];
    unsubscribe = () => {
      for (const stop of stops) stop();
    };
    if (isOver()) unsubscribe();
  }

  function update(report: TransactionStatusReport): void {
    latest = JSON.stringify(report) === shown ? undefined : report;
    if (latest === undefined || waiting.length === 0) return;
    waiting.shift()?.(show(latest));
    if (waiting.length === 0) releaseProcess();
  }

  function show(value: TransactionStatusReport): Step {
    latest = undefined;
    shown = JSON.stringify(value);
    if (meaningOf(value).final) end();
    return { done: false, value };
  }

  function end(): void {
    state = 'over';
    latest = undefined;
    unsubscribe();
    releaseProcess();
    for (const resolve of waiting.splice(0)) resolve(OVER);
  }

  function isOver(): boolean {
    return state === 'over';
  }

  /** A step that is awaited keeps the process alive, by whatever clock the kit goes. */
  async function wait(): Promise<Step> {
    if (waiting.length === 0) releaseProcess = keepAlive(systemClock);
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
