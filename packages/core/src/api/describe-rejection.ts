import { z } from 'zod';
import { ApiError, type ApiErrorFacts, type FieldError } from './api-error.js';
import { withoutSecret, type AnswerBody } from './read-answer.js';
import { parseRetryAfter } from './retry-after.js';

const LONGEST_QUOTE = 300;

const optionalText = z.string().optional().catch(undefined);

/** v2 `{ error, code, details?, requestId }`, v1 `{ error, message? }`; whatever does not fit is left out. */
const rejectionSchema = z.looseObject({
  error: optionalText,
  message: optionalText,
  code: optionalText,
  requestId: optionalText,
  details: z.looseObject({}).optional().catch(undefined),
});

type Rejection = z.infer<typeof rejectionSchema>;

const fieldErrorSchema = z.object({ field: z.string(), message: z.string() });
const secondsSchema = z.number().nonnegative();
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
  const parsed = rejectionSchema.safeParse(body.kind === 'json' ? body.value : {});
  return parsed.success ? parsed.data : {};
}

function factsOf(rejected: RejectedCall, rejection: Rejection): ApiErrorFacts {
  const { details = {} } = rejection;
  const seconds = secondsSchema.safeParse(details['retryAfterSeconds']).data;
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
    const { data } = fieldErrorSchema.safeParse(error);
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
