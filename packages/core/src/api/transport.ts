import { TextDecoder } from 'node:util';
import * as z from 'zod';
import type { Clock } from '../clock.js';
import { ApiError, type ApiErrorFacts, type FieldError, isApiError } from './api-error.js';
import { parseRetryAfter } from './retry-after.js';
import { lazily } from '../lazily.js';

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

/** The largest answer that is read (bytes): what the protocol lets either side send. */
export const MAX_ANSWER_BYTES = 1_048_576;

/** A body as far as it may be read. */
export type AnswerBody =
  | { readonly kind: 'empty' }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'other' }
  | { readonly kind: 'too-large' };

/**
 * Reads an answer's body, at most {@link MAX_ANSWER_BYTES} of it after decompression; the rest is cancelled.
 * `secret` is blotted out first, for servers that echo what they were sent. Rejects when the connection breaks.
 */
export async function readAnswer(
  response: Response,
  secret: string | undefined,
): Promise<AnswerBody> {
  const text = await readText(response);
  if (text === undefined) return { kind: 'too-large' };
  if (text.trim() === '') return { kind: 'empty' };
  try {
    return { kind: 'json', value: JSON.parse(withoutSecret(text, secret)) };
  } catch {
    return { kind: 'other' };
  }
}

async function readText(response: Response): Promise<string | undefined> {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let size = 0;
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > MAX_ANSWER_BYTES) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** A text in which the API key, if it stands there, cannot be read. */
export function withoutSecret(text: string, secret: string | undefined): string {
  return secret === undefined ? text : text.replaceAll(secret, '[api key]');
}

const LONGEST_QUOTE = 300;

/** v2 `{ error, code, details?, requestId }`, v1 `{ error, message? }`; whatever does not fit is left out. */
const rejectionSchema = lazily(() => {
  const optionalText = z.string().optional().catch(undefined);
  return z.looseObject({
    error: optionalText,
    message: optionalText,
    code: optionalText,
    requestId: optionalText,
    details: z.looseObject({}).optional().catch(undefined),
  });
});

type Rejection = z.infer<ReturnType<typeof rejectionSchema>>;

const fieldErrorSchema = lazily(() => z.object({ field: z.string(), message: z.string() }));
const secondsSchema = lazily(() => z.number().nonnegative());
const MOST_FIELD_ERRORS = 100;
const MOST_DETAILS = 20;

/** What {@link describeRejection} goes by. */
export interface RejectedCall {
  /** Method and path, for the message. */
  readonly call: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: AnswerBody;
  /** Blotted out of what is quoted, for servers that echo what they were sent. */
  readonly apiKey: string | undefined;
  /** Milliseconds since 1970, for a `Retry-After` that is a date. */
  readonly now: number;
}

/** The error for an answer that is not a success, of either generation, whatever its body is. */
export function describeRejection(rejected: RejectedCall): ApiError {
  const rejection = readRejection(rejected.body);
  const facts = factsOf(rejected, rejection);
  const said = (rejection.message ?? rejection.error ?? '').slice(0, LONGEST_QUOTE);
  const code = facts.apiCode === undefined ? '' : ` (${facts.apiCode})`;
  const quote = said === '' ? '' : `: "${said}"`;
  return new ApiError(
    'api_rejected',
    `QBitFlow's API answered ${rejected.call} with ${rejected.status}${code}${quote}; ${cureOf(rejected.status)}`,
    facts,
  );
}

function readRejection(body: AnswerBody): Rejection {
  const parsed = rejectionSchema().safeParse(body.kind === 'json' ? body.value : {});
  return parsed.success ? parsed.data : {};
}

function factsOf(rejected: RejectedCall, rejection: Rejection): ApiErrorFacts {
  const { details = {} } = rejection;
  const seconds = secondsSchema().safeParse(details['retryAfterSeconds']).data;
  return {
    status: rejected.status,
    apiCode: rejection.code,
    requestId: rejection.requestId ?? requestIdIn(rejected),
    fieldErrors: fieldErrorsIn(details['errors']),
    details: singleValuesIn(details),
    retryAfterMs:
      parseRetryAfter(rejected.headers.get('retry-after'), rejected.now) ??
      (seconds === undefined ? undefined : seconds * 1000),
  };
}

function requestIdIn({ headers, apiKey }: RejectedCall): string | undefined {
  const sent = headers.get('x-request-id');
  return sent === null ? undefined : withoutSecret(sent, apiKey);
}

/** Those that can be read: one of another shape must not hide the others. */
function fieldErrorsIn(errors: unknown): readonly FieldError[] | undefined {
  if (!Array.isArray(errors)) return undefined;
  return errors.slice(0, MOST_FIELD_ERRORS).flatMap((error) => {
    const { data } = fieldErrorSchema().safeParse(error);
    return data === undefined ? [] : [{ ...data, message: data.message.slice(0, LONGEST_QUOTE) }];
  });
}

function singleValuesIn(details: Readonly<Record<string, unknown>>): ApiErrorFacts['details'] {
  const values: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(details).slice(0, MOST_DETAILS)) {
    if (typeof value === 'number' || typeof value === 'boolean') values[name] = value;
    if (typeof value === 'string') values[name] = value.slice(0, LONGEST_QUOTE);
  }
  return values;
}

function cureOf(status: number): string {
  if (status >= 300 && status < 400) {
    return 'redirects are never followed, they would carry the API key elsewhere: correct baseUrl';
  }
  if (status === 401 || status === 403) {
    return 'check the API key: its rights, its mode (test or live) and its account';
  }
  if (status === 404)
    return 'check the id, and that the API key belongs to the account that made it';
  if (status === 429) return 'too many calls: wait before the next one';
  if (status >= 500) return 'nothing to mend on this side: try again later';
  return 'see fieldErrors and requestId';
}

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
    // A `run` that ignores its signal must not keep the caller's signal listening forever.
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
