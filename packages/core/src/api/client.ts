import { createAbortRelay } from '../abort-relay.js';
import { type Clock, sleep } from '../clock.js';
import { QBitFlowError } from '../errors.js';
import type { Logger } from '../logger.js';
import { retryDelay } from './retry-policy.js';
import { type Attempt, sendOnce } from './send-once.js';

/** The two generations of QBitFlow's API; both answer under the same host. */
export type ApiGeneration = 'v1' | 'v2';

/** What {@link createApiClient} needs. */
export interface ApiClientOptions {
  /** Sent as `X-API-Key`; without one only the public calls succeed. */
  readonly apiKey: string | undefined;
  /** Validated; ends in `/v1` or `/v2`, without a trailing slash. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** In [0, 1): spreads retries. */
  readonly random: () => number;
  readonly logger: Logger;
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
  readonly generation?: ApiGeneration | undefined;
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
  readonly generation: ApiGeneration;
  /**
   * Makes the call, retried as the protocol allows (§4), and gives the answer's JSON, `undefined` for an empty body.
   * Rejects with `ApiError`; the API key is in no error and no log line.
   */
  request(request: ApiRequest): Promise<unknown>;
}

/** A client over `fetch` that never follows a redirect and reads at most 1 MiB. Throws `misconfigured` on a key no header can carry. */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const { apiKey, clock, logger, random } = options;
  assertHeaderValue(apiKey);
  const generation = options.baseUrl.endsWith('/v1') ? 'v1' : 'v2';

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
        logger.debug(
          { code: 'call_retried', call: attempt.call, retries, delayMs, error },
          'a call is tried again',
        );
        await sleep(clock, delayMs, call.signal);
      }
    }
  }

  return { generation, request };
}

function prepare(options: ApiClientOptions, call: ApiRequest): Attempt {
  const root = options.baseUrl.slice(0, -2);
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

// fetch quotes a header value it cannot send in its error: a key with a line break would end up in the log.
function assertHeaderValue(apiKey: string | undefined): void {
  if (apiKey === undefined || /^[\x21-\x7e]+$/.test(apiKey)) return;
  throw new QBitFlowError(
    'misconfigured',
    'the API key is empty or holds a space, a line break or another character no header may carry, probably from copying: set apiKey (or QBITFLOW_API_KEY) to the sk_… text alone',
  );
}
