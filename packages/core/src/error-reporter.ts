import { setImmediate } from 'node:timers';
import type { Diagnostics } from './diagnostics.js';
import { docsOfLine } from './docs.js';
import { asError, isQBitFlowError, QBitFlowError } from './errors.js';
import type { WebhookEvent } from './event/types.js';
import type { Logger } from './logger.js';
import { isStderrLogger } from './stderr-logger.js';
import type { NewDelivery } from './store/durable-store.js';

/** Where something went wrong. */
export type ErrorStage =
  'receive' | 'parse' | 'handle' | 'store' | 'return' | 'checkout' | 'respond';

/** What `onError` is called with beside the error. */
export interface ErrorFacts {
  readonly stage: ErrorStage;
  /** The delivery's idempotency key, where there is one. */
  readonly key?: string | undefined;
  /** The event, where it could be read. */
  readonly event?: WebhookEvent | undefined;
  /** The name of the handler that failed. */
  readonly handler?: string | undefined;
  /** 1 on the first attempt. */
  readonly attempt?: number | undefined;
  /** How many refused requests this stands for, where they were counted instead of reported one by one. */
  readonly count?: number | undefined;
}

/** A merchant's listener for everything that goes wrong. What it throws is logged and goes no further. */
export type ErrorListener = (error: Error, facts: ErrorFacts) => unknown;

/**
 * One way for every failure: a log line with a stable code, and the merchant's `onError`. Of a kit that was given no
 * logger the line is left out where a listener is there: it is reported once.
 */
export interface ErrorReporter {
  readonly listen: (listener: ErrorListener) => void;
  /** Never throws. */
  readonly report: (error: unknown, facts: ErrorFacts) => void;
  /** A genuine delivery whose body is no event. */
  unreadable(delivery: NewDelivery, problem: string): void;
}

/** What happens to well-kept shops too. */
const WARNINGS: ReadonlySet<string> = new Set([
  'invalid_signature',
  'body_aborted',
  'body_timeout',
  'body_too_large',
  'claim_held',
  'retry_later',
]);

/** A handler that asks to be called again later: nothing went wrong, unless it asked for what is no time. */
function isPutOff(error: Error): boolean {
  return isQBitFlowError(error) && error.code === 'retry_later' && !('problem' in error.facts);
}

/** A reporter without listeners. */
export function createErrorReporter(logger: Logger, diagnostics: Diagnostics): ErrorReporter {
  const listeners: ErrorListener[] = [];

  function notify(listener: ErrorListener, error: Error, facts: ErrorFacts): void {
    const onFailed = (cause: unknown): void => {
      diagnostics.log('on_error_failed', { err: asError(cause) });
      // It has not been reported then.
      if (isStderrLogger(logger)) write(error, facts);
    };
    try {
      Promise.resolve(listener(error, facts)).catch(onFailed);
    } catch (cause) {
      onFailed(cause);
    }
  }

  function write(error: Error, { event: _event, ...facts }: ErrorFacts): void {
    const code = isQBitFlowError(error) ? error.code : `${facts.stage}_failed`;
    const docs = isQBitFlowError(error) ? error.docs : docsOfLine(code);
    const level = isPutOff(error) ? 'info' : WARNINGS.has(code) ? 'warn' : 'error';
    logger[level]({ code, ...facts, docs, err: error }, error.message);
  }

  function report(thrown: unknown, facts: ErrorFacts): void {
    const error = asError(thrown);
    if (listeners.length === 0 || !isStderrLogger(logger)) write(error, facts);
    if (isPutOff(error)) return;
    // A listener may be slow: an answer that is being prepared does not wait for it.
    for (const listener of listeners) setImmediate(notify, listener, error, facts);
  }

  return {
    listen(listener) {
      listeners.push(listener);
    },
    report,
    unreadable(delivery, problem) {
      const message = `a genuine delivery could not be read as an event and is kept as a dead letter: ${problem}`;
      const error = new QBitFlowError('unreadable_event', message, {
        facts: { key: delivery.key, problem },
      });
      report(error, { stage: 'parse', key: delivery.key });
    },
  };
}
