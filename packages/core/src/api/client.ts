import { ASKING_LINES } from '../asking-lines.js';
import { createAbortRelay } from '../abort-relay.js';
import { type Clock, sleep } from '../clock.js';
import { QBitFlowError } from '../errors.js';
import type { Diagnostics } from '../diagnostics.js';
import type { Generation, GenerationName } from '../protocol/generation.js';
import { createRotatingMap } from '../rotating-map.js';
import { isApiError } from './api-error.js';
import { assertApiKey } from './api-key.js';
import { type Attempt, sendOnce } from './transport.js';

/** What {@link createApiClient} needs. */
export interface ApiClientOptions {
  /** Sent as `X-API-Key`; without one only the public calls succeed. */
  readonly apiKey: string | undefined;
  /** Validated; ends in the generation's name, without a trailing slash. */
  readonly baseUrl: string;
  /** The generation `baseUrl` names. */
  readonly apiGeneration: Generation;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** In [0, 1): spreads retries. */
  readonly random: () => number;
  readonly diagnostics: Pick<Diagnostics, 'say'>;
  /** For one attempt, body included (ms); default 30 000. */
  readonly timeoutMs?: number | undefined;
  /** Attempts after the first; default 2. */
  readonly maxRetries?: number | undefined;
  /** Told what time each answer says it is there: its `Date` header. */
  readonly onDate?: ((date: string | null) => void) | undefined;
}

/** One call. Ids in `path` must be percent-encoded already. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  /** Below the generation's base, with a leading slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** 1–255 printable ASCII characters, no spaces; makes a create safe to repeat (v2). */
  readonly idempotencyKey?: string | undefined;
  /** Default: the one `baseUrl` names. */
  readonly generation?: GenerationName | undefined;
  readonly signal?: AbortSignal | undefined;
  /** For one attempt (ms); default: the client's. */
  readonly timeoutMs?: number | undefined;
  /** Default: the client's. */
  readonly maxRetries?: number | undefined;
  /** The one status that counts as success; default any 2xx. */
  readonly expectedStatus?: number | undefined;
}

/** What a caller may set for one call. */
export type ApiCallOptions = Pick<ApiRequest, 'signal' | 'timeoutMs' | 'maxRetries'>;

/** QBitFlow's API of both generations. */
export interface ApiClient {
  /** The generation `baseUrl` names. */
  readonly generation: Generation;
  /**
   * Makes the call, retried as the protocol allows (§4), and gives the answer's JSON, `undefined` for an empty body.
   * Rejects with `ApiError`; the API key is in no error and no log line.
   */
  request(request: ApiRequest): Promise<unknown>;
}

/** A client over `fetch` that never follows a redirect and reads at most 1 MiB. Throws `misconfigured` on a key no header can carry. */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const { apiKey, clock, diagnostics, random } = options;
  assertApiKey(apiKey);
  const { apiGeneration: generation } = options;

  const aborts = createAbortRelay();

  async function request(call: ApiRequest): Promise<unknown> {
    const { signal } = call;
    if (signal === undefined) return attemptAll(call);
    // A signal of the merchant's may end any number of calls: each listens to one of its own.
    const ended = new AbortController();
    const stop = aborts.onAbort(signal, () => ended.abort(signal.reason));
    try {
      return await attemptAll({ ...call, signal: ended.signal });
    } finally {
      stop();
    }
  }

  async function attemptAll(call: ApiRequest): Promise<unknown> {
    const attempt = prepare(options, call);
    const maxRetries = call.maxRetries ?? options.maxRetries ?? 2;
    const hasIdempotencyKey = call.idempotencyKey !== undefined;
    for (let retries = 0; ; retries += 1) {
      try {
        return await sendOnce(attempt);
      } catch (error) {
        const question = { error, method: call.method, hasIdempotencyKey };
        const delayMs = retryDelay({ ...question, retries, maxRetries, random });
        if (delayMs === undefined || call.signal?.aborted === true) throw error;
        const facts = { call: attempt.call, retries, delayMs, err: error };
        diagnostics.say(ASKING_LINES, 'call_retried', facts);
        await sleep(clock, delayMs, call.signal);
      }
    }
  }

  return { generation, request };
}

function prepare(options: ApiClientOptions, call: ApiRequest): Attempt {
  // Both generations answer under the same host.
  const root = options.baseUrl.slice(0, -options.apiGeneration.name.length);
  const base = call.generation === undefined ? options.baseUrl : `${root}${call.generation}`;
  const url = new URL(base + call.path);
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return {
    fetch: options.fetch,
    onDate: options.onDate,
    clock: options.clock,
    url: url.href,
    init: {
      method: call.method,
      headers: headersOf(options.apiKey, call),
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    },
    call: `${call.method} ${call.path}`,
    apiKey: options.apiKey,
    timeoutMs: call.timeoutMs ?? options.timeoutMs ?? 30_000,
    signal: call.signal,
    expectedStatus: call.expectedStatus,
  };
}

function headersOf(apiKey: string | undefined, call: ApiRequest): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (apiKey !== undefined) headers['x-api-key'] = apiKey;
  if (call.body !== undefined) headers['content-type'] = 'application/json';
  if (call.idempotencyKey !== undefined) headers['idempotency-key'] = checked(call.idempotencyKey);
  return headers;
}

function checked(idempotencyKey: string): string {
  if (/^[\x21-\x7e]{1,255}$/.test(idempotencyKey)) return idempotencyKey;
  throw new QBitFlowError(
    'invalid_checkout',
    'an Idempotency-Key is 1 to 255 printable ASCII characters without spaces: use a UUID, or your order id without accents',
  );
}

const FIRST_WAIT_MS = 1000;
const LONGEST_ASKED_WAIT_MS = 60_000;
/** Spreads callers that failed together, on top of the wait the protocol names. */
const SPREAD = 0.25;

/** What decides about another attempt. */
export interface RetryQuestion {
  readonly error: unknown;
  readonly method: string;
  readonly hasIdempotencyKey: boolean;
  /** Retries made so far. */
  readonly retries: number;
  readonly maxRetries: number;
  readonly random: () => number;
}

/**
 * The wait (ms) before the next attempt, or `undefined` when there shall be none. The rules are the protocol's (§4):
 * only reads and creates with an idempotency key; on no answer, 5xx, 429 and `idempotency_key_in_use`; 1 s · 2^n, at
 * least what the API asks for, and not at all when it asks for more than 60 s.
 */
export function retryDelay(question: RetryQuestion): number | undefined {
  const { error, retries, maxRetries, random } = question;
  if (retries >= maxRetries || !isSafeToRepeat(question) || !isTransient(error)) return undefined;
  const asked = isApiError(error) ? (error.retryAfterMs ?? 0) : 0;
  if (asked > LONGEST_ASKED_WAIT_MS) return undefined;
  const ownWait = FIRST_WAIT_MS * 2 ** retries * (1 + SPREAD * random());
  return Math.max(ownWait, asked);
}

function isSafeToRepeat({ method, hasIdempotencyKey }: RetryQuestion): boolean {
  return method === 'GET' || (method === 'POST' && hasIdempotencyKey);
}

function isTransient(error: unknown): boolean {
  if (!isApiError(error)) return false;
  if (error.code === 'api_unreachable' || error.code === 'api_timeout') return true;
  const status = error.status ?? 0;
  return (
    (error.code === 'api_rejected' && (status >= 500 || status === 429)) ||
    (status === 409 && error.apiCode === 'idempotency_key_in_use')
  );
}

const KEPT_MS = 5_000;
const REMEMBERED = 1_000;

/**
 * The same client, but reads of one path at once, or shortly after one another, are one read: a paid page shows a
 * transaction and records it. A read that failed is not kept.
 */
export function shareReads(api: ApiClient, clock: Clock): ApiClient {
  const reads = createRotatingMap<{ readonly answer: Promise<unknown>; until: number }>(REMEMBERED);
  return {
    generation: api.generation,
    async request(call) {
      if (call.method !== 'GET') return api.request(call);
      const key = `${call.generation ?? ''} ${call.path} ${JSON.stringify(call.query)}`;
      const known = reads.get(key);
      if (known !== undefined && clock.now() < known.until) return known.answer;
      const read = { answer: api.request(call), until: clock.now() + KEPT_MS };
      reads.set(key, read);
      read.answer.catch(() => {
        read.until = 0;
      });
      return read.answer;
    },
  };
}
