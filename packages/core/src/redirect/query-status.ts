import { isApiError } from '../api/api-error.js';
import type { ApiClient } from '../api/client.js';
import { getStatus } from '../api/get-status.js';
import { nameOfId } from '../api/spelling.js';
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

/** Hears what the API says about a transaction, and under which id it was asked. */
export type ReportListener = (report: TransactionStatusReport, asked: TransactionReference) => void;

/** What {@link createStatusQueries} needs. All times in ms. */
export interface StatusQueriesOptions {
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told of every report as it comes from the API, and of whom it was asked; what it throws is its own affair. */
  readonly onReport?: ReportListener | undefined;
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
  /** Tells the order of queries and news. */
  readonly number: number;
  /** Never rejects. */
  readonly settled: Promise<StatusAnswer>;
}

interface RememberedAnswer extends Pick<RunningQuery, 'number'> {
  readonly answer: StatusAnswer;
  /** Ms since 1970. */
  readonly until: number;
}

const LONGEST_PAUSE_MS = 60_000;
const PAUSE_WITHOUT_RETRY_AFTER_MS = 1000;

/** The queries of one kit instance. */
export function createStatusQueries(options: StatusQueriesOptions): StatusQueries {
  const { api, clock, logger } = options;
  const { maxInFlight = 32, cacheMs = 1000, unknownMs = 10_000, capacity = 10_000 } = options;
  const answers = createRotatingMap<RememberedAnswer>(capacity);
  /** Of transactions that something has happened to, by name: every spelling of an id is the same one. */
  const news = createRotatingMap<number>(capacity);
  const running = new Map<string, RunningQuery>();
  let count = 0;
  let pausedUntil = 0;

  function start(key: string, reference: TransactionReference): Promise<StatusAnswer> {
    count += 1;
    const number = count;
    const query = askApi(options, reference).then(({ answer, pauseMs }) => {
      const now = clock.now();
      if (pauseMs > 0) pausedUntil = Math.max(pausedUntil, now + pauseMs);
      const keepMs = answer.kind === 'unknown' ? unknownMs : cacheMs;
      answers.set(key, { number, answer, until: now + keepMs });
      return answer;
    });
    // Only a logger that throws gets here; neither the slot nor the page may be lost over it.
    const settled = query.catch(undecided).finally(() => {
      running.delete(key);
    });
    running.set(key, { number, settled });
    return settled;
  }

  /** Whether it was asked before the last thing that happened: it may tell what was true before that. */
  function isOutdated(number: number, reference: TransactionReference): boolean {
    return number <= (news.get(nameOf(reference)) ?? 0);
  }

  async function ask(reference: TransactionReference, timeoutMs: number): Promise<StatusAnswer> {
    const key = keyOf(api, reference);
    const now = clock.now();
    const remembered = answers.get(key);
    if (
      remembered !== undefined &&
      now < remembered.until &&
      !isOutdated(remembered.number, reference)
    )
      return remembered.answer;
    const shared = running.get(key);
    if (shared !== undefined) {
      const { number, settled } = shared;
      const query = isOutdated(number, reference)
        ? settled.then(async () => ask(reference, timeoutMs))
        : settled;
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
    // Every delivery comes here, whether anybody has ever opened a page or not.
    if (count > 0) news.set(nameOf(reference), count);
  }

  return { ask, forget, inFlight: () => running.size };
}

// v1 is asked for an id and a type; v2 for an id alone.
function keyOf(api: ApiClient, reference: TransactionReference): string {
  return api.generation === 'v1'
    ? `${transactionTypeOf(reference)} ${reference.uuid}`
    : reference.uuid;
}

/** One name for all spellings, with the prefix or without. */
function nameOf({ uuid }: TransactionReference): string {
  return nameOfId(uuid).replace(/^.*@/, '');
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
    // Whoever hears of it may fail; the page still shows it.
    if (report !== undefined) attempt(() => onReport?.(report, reference));
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

function attempt(tell: () => void): void {
  try {
    tell();
  } catch {
    // The listener's own affair, as it was told.
  }
}

function pauseOf(error: unknown): number {
  if (!isApiError(error)) return 0;
  const { status, retryAfterMs = status === 429 ? PAUSE_WITHOUT_RETRY_AFTER_MS : 0 } = error;
  return Math.min(retryAfterMs, LONGEST_PAUSE_MS);
}
