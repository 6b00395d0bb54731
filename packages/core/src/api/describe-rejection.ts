import { z } from 'zod';
import { ApiError, type ApiErrorFacts } from './api-error.js';
import type { AnswerBody } from './read-answer.js';
import { parseRetryAfter } from './retry-after.js';

const LONGEST_QUOTE = 300;

const optionalText = z.string().optional().catch(undefined);

/** v2 `{ error, code, details?, requestId }`, v1 `{ error, message? }`; whatever does not fit is left out. */
const rejectionSchema = z.looseObject({
  error: optionalText,
  message: optionalText,
  code: optionalText,
  requestId: optionalText,
  details: z
    .looseObject({
      errors: z
        .array(z.object({ field: z.string(), message: z.string() }))
        .optional()
        .catch(undefined),
      retryAfterSeconds: z.number().nonnegative().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

type Rejection = z.infer<typeof rejectionSchema>;

/** What {@link describeRejection} goes by. */
export interface RejectedCall {
  /** Method and path, for the message. */
  readonly call: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: AnswerBody;
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
  const { details } = rejection;
  const seconds = details?.retryAfterSeconds;
  return {
    status: rejected.status,
    apiCode: rejection.code,
    requestId: rejection.requestId ?? rejected.headers.get('x-request-id') ?? undefined,
    fieldErrors: details?.errors,
    retryAfterMs:
      parseRetryAfter(rejected.headers.get('retry-after'), rejected.now) ??
      (seconds === undefined ? undefined : seconds * 1000),
  };
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
