import type { Clock } from '../clock.js';
import { ApiError, isApiError } from './api-error.js';
import { withDeadline } from './deadline.js';
import { describeRejection } from './describe-rejection.js';
import { MAX_ANSWER_BYTES, type AnswerBody, readAnswer } from './read-answer.js';

/** What one attempt sends, and how long it may take. */
export interface Attempt {
  readonly fetch: typeof fetch;
  readonly onDate: ((date: string | null) => void) | undefined;
  readonly clock: Clock;
  readonly url: string;
  readonly init: RequestInit;
  /** Method and path, for messages: never the query, the headers or the body. */
  readonly call: string;
  readonly apiKey: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** The one status that is a success; any 2xx when `undefined`. */
  readonly expectedStatus: number | undefined;
}

/** One attempt, from the request to the parsed JSON; `undefined` for an empty body. Throws {@link ApiError} only. */
export async function sendOnce(attempt: Attempt): Promise<unknown> {
  // Called as a function of its own: some platforms' fetch refuses to be the method of another object.
  const { fetch } = attempt;
  return withDeadline(attempt, async (signal) => {
    try {
      const init: RequestInit = { ...attempt.init, redirect: 'manual', signal };
      return await readSuccess(attempt, await fetch(attempt.url, init));
    } catch (error) {
      throw isApiError(error) ? error : unreachable(attempt, error);
    }
  });
}

async function readSuccess(attempt: Attempt, response: Response): Promise<unknown> {
  const { status, headers } = response;
  attempt.onDate?.(headers.get('date'));
  const body = await readAnswer(response, attempt.apiKey);
  // Browsers' fetch hides a redirect behind status 0; Node's shows it.
  if (!response.ok) {
    const now = attempt.clock.now();
    const { call, apiKey } = attempt;
    throw describeRejection({ call, status: status || 302, headers, body, apiKey, now });
  }
  if (attempt.expectedStatus !== undefined && status !== attempt.expectedStatus) {
    throw unreadable(attempt, status, `status ${attempt.expectedStatus} was expected`);
  }
  return valueOf(attempt, status, body);
}

function valueOf(attempt: Attempt, status: number, body: AnswerBody): unknown {
  if (body.kind === 'empty') return undefined;
  if (body.kind === 'json') return body.value;
  const tooLarge = `the body is larger than ${MAX_ANSWER_BYTES} bytes`;
  throw unreadable(attempt, status, body.kind === 'other' ? 'the body is not JSON' : tooLarge);
}

function unreadable(attempt: Attempt, status: number, why: string): ApiError {
  return new ApiError(
    'api_unreadable',
    `the answer to ${attempt.call} makes no sense (${why}): probably something else than QBitFlow's API answers at baseUrl; correct it, or look for a proxy`,
    { status },
  );
}

function unreachable(attempt: Attempt, cause: unknown): ApiError {
  return new ApiError(
    'api_unreachable',
    `QBitFlow's API gave no answer to ${attempt.call}: check baseUrl (${new URL(attempt.url).origin}), DNS and outgoing connections`,
    { cause },
  );
}
