import { isApiError } from '../api/api-error.js';
import type { ApiClient } from '../api/client.js';
import { getStatus } from '../api/get-status.js';
import type { TransactionStatusReport } from '../api/status-report.js';
import { type TransactionReference, transactionTypeOf } from '../api/transaction-reference.js';
import { type Clock, sleep } from '../clock.js';
import { asError } from '../errors.js';
import type { Logger } from '../logger.js';
import { createRotatingMap } from '../rotating-map.js';

/** What the API says about a transaction, or that it could not be asked. */
export type StatusAnswer =
  | { readonly kind: 'report'; readonly report: TransactionStatusReport }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'undecided'; readonly retryAfterMs?: number | undefined };

/** What {@link createStatusQueries} needs. All times in ms. */
export interface StatusQueriesOptions {
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told of every report as it comes from the API; what it throws or rejects with is its own affair. */
  readonly onReport?: ((report: TransactionStatusReport) => void) | undefined;
  /** Upstream queries at once; default 32. Beyond them the answer is `undecided`, without a query. */
  readonly maxInFlight?: number | undefined;
  /** How long an answer serves every asker; default 1 000. */
  readonly cacheMs?: number | undefined;
  /** How long an unknown id stays unknown without asking again; default 10 000. */
  readonly unknownMs?: number | undefined;
  /** Answers remembered; default 10 000. */
  readonly capacity?: number | undefined;
  /** How long one upstream attempt may take; default 15 000. */
  readonly queryTimeoutMs?: number | undefined;
}

/** Status queries on behalf of strangers: shared, cached and bounded, so that pages cannot hammer the API. */
export interface StatusQueries {
  /** Never rejects. Waits at most `timeoutMs` (ms); the query itself goes on and fills the cache. */
  ask(reference: TransactionReference, timeoutMs: number): Promise<StatusAnswer>;
  /** Forgets what is remembered of a transaction: something has happened to it. */
  forget(reference: TransactionReference): void;
  /** Upstream queries under way. */
  inFlight(): number;
}

interface RunningQuery {
  /** Never rejects. */
  readonly settled: Promise<StatusAnswer>;
  isOutdated: boolean;
}

const LONGEST_PAUSE_MS = 60_000;
const PAUSE_WITHOUT_RETRY_AFTER_MS = 1000;

/** The queries of one kit instance. */
export function createStatusQueries(options: StatusQueriesOptions): StatusQueries {
  const { api, clock, logger } = options;
  const { maxInFlight = 32, cacheMs = 1000, unknownMs = 10_000, capacity = 10_000 } = options;
  const answers = createRotatingMap<{ readonly answer: StatusAnswer; readonly until: number }>(
    capacity,
  );
  const running = new Map<string, RunningQuery>();
  let pausedUntil = 0;

  function start(key: string, reference: TransactionReference): Promise<StatusAnswer> {
    const isOutdated = (): boolean => running.get(key)?.isOutdated === true;
    const query = askApi(options, reference).then(({ answer, pauseMs }) => {
      const now = clock.now();
      if (pauseMs > 0) pausedUntil = Math.max(pausedUntil, now + pauseMs);
      const keepMs = answer.kind === 'unknown' ? unknownMs : cacheMs;
      answers.set(key, { answer, until: isOutdated() ? 0 : now + keepMs });
      return answer;
    });
    // Only a logger that throws gets here; neither the slot nor the page may be lost over it.
    const settled = query.catch(undecided).finally(() => {
      running.delete(key);
    });
    running.set(key, { settled, isOutdated: false });
    return settled;
  }

  async function ask(reference: TransactionReference, timeoutMs: number): Promise<StatusAnswer> {
    const key = keyOf(api, reference);
    const now = clock.now();
    const remembered = answers.get(key);
    if (remembered !== undefined && now < remembered.until) return remembered.answer;
    const shared = running.get(key);
    if (shared !== undefined) {
      const { settled, isOutdated } = shared;
      const query = isOutdated ? settled.then(async () => ask(reference, timeoutMs)) : settled;
      return waitFor(clock, query, timeoutMs);
    }
    if (now < pausedUntil) return { kind: 'undecided', retryAfterMs: pausedUntil - now };
    if (running.size >= maxInFlight) {
      logger.warn({ maxInFlight }, 'too many status queries at once: this page waits without one');
      return undecided();
    }
    return waitFor(clock, start(key, reference), timeoutMs);
  }

  function forget(reference: TransactionReference): void {
    const key = keyOf(api, reference);
    const remembered = answers.get(key);
    if (remembered !== undefined) answers.set(key, { ...remembered, until: 0 });
    // What is being answered now may have been true before it happened.
    const shared = running.get(key);
    if (shared !== undefined) shared.isOutdated = true;
  }

  return { ask, forget, inFlight: () => running.size };
}

// v1 is asked for an id and a type; v2 for an id alone.
function keyOf(api: ApiClient, reference: TransactionReference): string {
  return api.generation === 'v1'
    ? `${transactionTypeOf(reference)} ${reference.uuid}`
    : reference.uuid;
}

function undecided(): StatusAnswer {
  return { kind: 'undecided' };
}

async function waitFor(
  clock: Clock,
  query: Promise<StatusAnswer>,
  timeoutMs: number,
): Promise<StatusAnswer> {
  const answered = new AbortController();
  const answer = await Promise.race([query, sleep(clock, timeoutMs, answered.signal)]);
  answered.abort();
  return answer ?? undecided();
}

interface Asked {
  readonly answer: StatusAnswer;
  /** How long nobody may ask anything (ms). */
  readonly pauseMs: number;
}

// No retries here: the page asks again by itself, and a slot held for a retry is a customer kept waiting.
async function askApi(
  { api, logger, onReport, queryTimeoutMs = 15_000 }: StatusQueriesOptions,
  reference: TransactionReference,
): Promise<Asked> {
  try {
    const report = await getStatus(api, reference, { timeoutMs: queryTimeoutMs, maxRetries: 0 });
    if (report !== undefined) tell(onReport, report);
    const answer: StatusAnswer = report ? { kind: 'report', report } : { kind: 'unknown' };
    return { answer, pauseMs: 0 };
  } catch (thrown) {
    const error = asError(thrown);
    logger.error({ uuid: reference.uuid, error }, 'the status could not be asked: the page waits');
    const pauseMs = pauseOf(thrown);
    const answer: StatusAnswer =
      pauseMs > 0 ? { kind: 'undecided', retryAfterMs: pauseMs } : { kind: 'undecided' };
    return { answer, pauseMs };
  }
}

/** Whoever hears of a report may fail; the page still shows it. */
function tell(onReport: StatusQueriesOptions['onReport'], report: TransactionStatusReport): void {
  try {
    onReport?.(report);
  } catch {
    // The listener's own affair, as it was told.
  }
}

function pauseOf(error: unknown): number {
  if (!isApiError(error)) return 0;
  const { status, retryAfterMs = status === 429 ? PAUSE_WITHOUT_RETRY_AFTER_MS : 0 } = error;
  return Math.min(retryAfterMs, LONGEST_PAUSE_MS);
}
