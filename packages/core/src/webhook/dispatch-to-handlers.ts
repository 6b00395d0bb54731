import { detached } from '../async-context.js';
import type { Clock } from '../clock.js';
import { asError, QBitFlowError } from '../errors.js';
import type { EventContext, Registration } from '../event/handlers.js';
import type { WebhookEvent } from '../event/types.js';
import type { MakeContext } from './context.js';
import type { StopSwitch } from './stop-switch.js';

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
  for (const [index, handler] of dispatch.handlers.entries()) {
    if (dispatch.stop.stopped) break;
    const isLast = index === dispatch.handlers.length - 1 && failures.length === 0;
    const error = await runHandler(dispatch, handler, isLast);
    if (error !== undefined) {
      failures.push({ handler: handler.name, error });
      continue;
    }
    succeeded.push(handler.name);
    if (index < dispatch.handlers.length - 1) await dispatch.onProgress(handler.name);
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

/** Each in a context of its own, which no other handler has changed, and nobody's request. */
async function invoke(
  handler: Registration,
  event: WebhookEvent,
  context: EventContext,
): Promise<void> {
  // async: a handler that throws at once rejects like one that throws later.
  await detached(() => handler.run(event, context));
}
