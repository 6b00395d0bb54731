import type { Clock } from '../clock.js';
import { ApiError } from './api-error.js';

/** How long a call may take, and who else may end it. */
export interface Deadline {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Method and path, for the message. */
  readonly call: string;
}

/**
 * Runs `run` until it settles, the time is up (`api_timeout`) or the caller aborts (`api_unreachable`). The signal it
 * hands on is aborted in both cases, and the result is there even if `run` ignores that signal.
 */
export async function withDeadline<T>(
  deadline: Deadline,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { clock, timeoutMs, signal, call } = deadline;
  if (signal?.aborted === true) throw abortedByCaller(call, signal);
  return new Promise<T>((resolve, reject) => {
    const end = (error: ApiError): void => {
      reject(error);
      controller.abort(error);
    };
    const cancelTimer = clock.after(timeoutMs, () => {
      end(timedOut(call, timeoutMs));
    });
    const onAbort = (): void => {
      end(abortedByCaller(call, signal));
    };
    const release = (): void => {
      cancelTimer();
      signal?.removeEventListener('abort', onAbort);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    void run(controller.signal).then(resolve, reject).finally(release);
    // A `run` that ignores its signal must not keep the caller's signal listening for ever.
    controller.signal.addEventListener('abort', release, { once: true });
  });
}

function timedOut(call: string, timeoutMs: number): ApiError {
  return new ApiError(
    'api_timeout',
    `QBitFlow's API did not answer ${call} within ${timeoutMs} ms: it is slow, or the network drops its packets; try again later`,
  );
}

function abortedByCaller(call: string, signal: AbortSignal | undefined): ApiError {
  return new ApiError(
    'api_unreachable',
    `${call} was given up: the signal passed with it aborted`,
    { cause: signal?.reason },
  );
}
