import { createAbortRelay } from '../abort-relay.js';
import type { ApiClient } from '../api/client.js';
import { getStatus, type TransactionStatusReport } from '../api/transactions.js';
import { nameOfId, type TransactionReference, transactionTypeOf } from '../api/transaction-ids.js';
import {
  askedPauseMs,
  createThrottle,
  type Standing,
  type ThrottleLimits,
  type Turn,
  type TurnedAway,
} from '../api/throttle.js';
import { type Clock, sleep } from '../clock.js';
import { asError } from '../errors.js';
import { canonicalId, prefixOf } from '../event/keys.js';
import type { Logger } from '../logger.js';
import { createRotatingMap } from '../rotating-map.js';
import { createKnownIds } from './known-ids.js';

/**
 * What the API says about a transaction, or that it could not be asked. A report may be the last one there was, where
 * it could not be asked now; `retryAfterMs`: how long it asks to be left alone.
 */
export type StatusAnswer =
  | {
      readonly kind: 'report';
      readonly report: TransactionStatusReport;
      readonly retryAfterMs?: number | undefined;
    }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'undecided'; readonly retryAfterMs?: number | undefined };

/** Hears what the API says about a transaction, and under which id it was asked. */
export type ReportListener = (report: TransactionStatusReport, asked: TransactionReference) => void;

/** Who asks. */
export interface Asker {
  /** One address, one client: clients take turns where the API is the bottleneck. @default all such are one client */
  readonly client?: string | undefined;
  /** The merchant vouches for the id: `authorize` let it through. @default false */
  readonly isVouched?: boolean | undefined;
  /** Aborts when the asker does not want to know any more. */
  readonly signal?: AbortSignal | undefined;
}

/** What {@link createStatusQueries} needs. All times in ms. */
export interface StatusQueriesOptions {
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told of every report as it comes from the API, and of whom it was asked; what it throws is its own affair. */
  readonly onReport?: ReportListener | undefined;
  /** How much the API is asked; default {@link LIMITS}. */
  readonly limits?: Partial<ThrottleLimits> | undefined;
  /** How long an answer serves every asker; default 1 000. */
  readonly cacheMs?: number | undefined;
  /** How long an unknown id stays unknown without asking again; default 10 000. */
  readonly unknownMs?: number | undefined;
  /** Answers remembered; default 10 000. */
  readonly capacity?: number | undefined;
  /** How long one upstream attempt may take; default 15 000. */
  readonly queryTimeoutMs?: number | undefined;
}

/** Status queries on behalf of strangers: shared, cached and throttled, so that pages cannot hammer the API. */
export interface StatusQueries {
  /**
   * Never rejects. Waits at most `timeoutMs` (ms); the query keeps its place, goes on, and fills the cache. Where the
   * API cannot be asked, or does not answer in time, the last report stands.
   */
  ask(reference: TransactionReference, timeoutMs: number, asker?: Asker): Promise<StatusAnswer>;
  /** This id was not made up by anybody. */
  vouch(uuid: string): void;
  /** Whether somebody vouches for it. */
  isVouched(uuid: string): boolean;
  /** Something has happened to a transaction: what is remembered of it counts no more. `report` is what a verified delivery says. */
  news(subject: string, report?: TransactionStatusReport): void;
  /** Upstream queries under way. */
  inFlight(): number;
  /** Nobody is asked any more; whoever waits is told what is known. */
  close(): void;
}

/** One question under way, for all who ask it. */
interface Question {
  /** Tells the order of queries and news; `undefined` until the API is asked. */
  number: number | undefined;
  turn: Turn | undefined;
  /** Who waits for the answer. */
  askers: number;
  /** When the last of them stopped to (ms since 1970). */
  leftAt: number;
  /** Never rejects. */
  readonly settled: Promise<StatusAnswer>;
}

interface RememberedAnswer {
  readonly number: number;
  readonly answer: StatusAnswer;
  /** Ms since 1970. */
  readonly until: number;
}

/** A page that has gone without an answer comes again within this, in ms. */
const KEEP_PLACE_MS = 15_000;

/**
 * How much the pages of one kit ask the API. A page of a payment that exists is answered at once for as long as the API
 * has 24 places, whoever asks; only who asks for what does not exist is slowed down, to ten a second.
 */
export const LIMITS: ThrottleLimits = {
  maxInFlight: 32,
  maxInFlightOf: { vouched: 28, stranger: 24 },
  calls: { perSecond: 100, burst: 100 },
  misses: { perSecond: 10, burst: 40 },
  maxWaiting: 4_000,
};

/** The queries of one kit instance. */
export function createStatusQueries(options: StatusQueriesOptions): StatusQueries {
  const { api, clock, logger } = options;
  const { cacheMs = 1000, unknownMs = 10_000, capacity = 10_000 } = options;
  const throttle = createThrottle(clock, { ...limitsOf(api), ...options.limits });
  const known = createKnownIds();
  const answers = createRotatingMap<RememberedAnswer>(capacity);
  /** The last report of each id as it was asked for: whatever the API knows nobody has made up. */
  const reports = createRotatingMap<TransactionStatusReport>(capacity);
  /** What verified deliveries said, by subject. */
  const delivered = createRotatingMap<TransactionStatusReport>(capacity);
  /** Of transactions that something has happened to, by name: every spelling of an id is the same one. */
  const news = createRotatingMap<number>(capacity);
  /** Questions that found no place. Who asks again goes before those who ask once, as a flood of made-up ids does. */
  const turnedAway = createRotatingMap<true>(capacity);
  const questions = new Map<string, Question>();
  const aborts = createAbortRelay();
  const state = { count: 0, toldAt: -Infinity };

  function submit(key: string, reference: TransactionReference, asker: Asker): Question {
    let settle = (_answer: StatusAnswer): void => undefined;
    const question: Question = {
      number: undefined,
      turn: undefined,
      askers: 0,
      leftAt: clock.now(),
      settled: new Promise((resolve) => {
        settle = resolve;
      }),
    };
    questions.set(key, question);
    const call = {
      client: asker.client ?? '',
      async run() {
        state.count += 1;
        const { count } = state;
        question.number = count;
        // Only a logger that throws rejects; neither the place nor the page may be lost over it.
        const asked = await askApi(options, reference).catch(() => FOUND_NOTHING_OUT);
        questions.delete(key);
        remember(key, { number: count, answer: asked.answer });
        settle(asked.answer);
        return { result: RESULT[asked.answer.kind], pauseMs: asked.pauseMs };
      },
      isWanted: () => question.askers > 0 || clock.now() - question.leftAt < KEEP_PLACE_MS,
      turnedAway(why: TurnedAway) {
        questions.delete(key);
        if (why === 'crowded') {
          turnedAway.set(key, true);
          tellOfCrowd();
        }
        settle({ kind: 'undecided' });
      },
    };
    const standing = standingOf(key, reference, asker);
    question.turn = throttle.submit(call, standing, turnedAway.get(key) === true);
    return question;
  }

  function remember(key: string, { number, answer }: Omit<RememberedAnswer, 'until'>): void {
    const keepMs = answer.kind === 'unknown' ? unknownMs : cacheMs;
    answers.set(key, { number, answer, until: clock.now() + keepMs });
    if (answer.kind === 'report') reports.set(key, answer.report);
  }

  function standingOf(key: string, reference: TransactionReference, asker: Asker): Standing {
    const canShow = reports.get(key) !== undefined;
    if (canShow) return 'refresh';
    if (known.has(reference.uuid)) return 'known';
    return asker.isVouched === true ? 'vouched' : 'stranger';
  }

  function tellOfCrowd(): void {
    const now = clock.now();
    if (now - state.toldAt < TELL_EVERY_MS) return;
    state.toldAt = now;
    logger.warn(
      { code: 'status_queries_crowded', waiting: throttle.waiting() },
      'more status queries wait than the API is asked: pages of ids that nobody vouches for wait without one',
    );
  }

  /** Whether it was asked before the last thing that happened: it may tell what was true before that. */
  function isOutdated(number: number, reference: TransactionReference): boolean {
    return number <= (news.get(nameOf(reference)) ?? 0);
  }

  /** The last report stands where the API told nothing. */
  function orLast(reference: TransactionReference, answer: StatusAnswer): StatusAnswer {
    if (answer.kind !== 'undecided') return answer;
    const last = delivered.get(subjectOf(reference)) ?? reports.get(keyOf(api, reference));
    if (last === undefined) return answer;
    const report = { ...last, uuid: last.uuid || reference.uuid };
    return { kind: 'report', report, retryAfterMs: answer.retryAfterMs };
  }

  async function ask(
    reference: TransactionReference,
    timeoutMs: number,
    asker: Asker,
  ): Promise<StatusAnswer> {
    const key = keyOf(api, reference);
    const remembered = answers.get(key);
    if (
      remembered !== undefined &&
      clock.now() < remembered.until &&
      !isOutdated(remembered.number, reference)
    )
      return remembered.answer;
    const shared = questions.get(key);
    if (shared?.number !== undefined && isOutdated(shared.number, reference)) {
      const later = shared.settled.then(async () => ask(reference, timeoutMs, asker));
      return waitFor(later, timeoutMs, asker.signal);
    }
    const standing = standingOf(key, reference, asker);
    if (shared !== undefined) shared.turn?.askedAgain(standing);
    const retryAfterMs = throttle.pausedMs() || undefined;
    if (shared === undefined && standing === 'stranger' && retryAfterMs !== undefined)
      return { kind: 'undecided', retryAfterMs };
    const question = shared ?? submit(key, reference, asker);
    // While the API asks to be left alone, what is known is all there is for a while.
    if (standing === 'refresh' && retryAfterMs !== undefined)
      return { kind: 'undecided', retryAfterMs };
    question.askers += 1;
    const answer = await waitFor(question.settled, timeoutMs, asker.signal);
    question.askers -= 1;
    question.leftAt = clock.now();
    if (question.askers === 0 && asker.signal?.aborted === true) question.turn?.leave();
    return answer;
  }

  async function waitFor(
    settled: Promise<StatusAnswer>,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<StatusAnswer> {
    const over = new AbortController();
    const stop = signal && aborts.onAbort(signal, () => over.abort());
    const answer = await Promise.race([settled, sleep(clock, timeoutMs, over.signal)]);
    stop?.();
    over.abort();
    return answer ?? { kind: 'undecided' };
  }

  return {
    ask: async (reference, timeoutMs, asker = {}) =>
      orLast(reference, await ask(reference, timeoutMs, asker)),
    vouch: (uuid) => known.vouch(uuid),
    isVouched: (uuid) => known.has(uuid),
    news(subject, report) {
      known.vouch(subject);
      if (report !== undefined) delivered.set(subject, report);
      // Every delivery comes here, whether anybody has ever opened a page or not.
      if (state.count > 0) news.set(nameOf({ uuid: subject }), state.count);
    },
    inFlight: throttle.inFlight,
    close: throttle.close,
  };
}

const TELL_EVERY_MS = 60_000;
const RESULT = { report: 'found', unknown: 'missed', undecided: 'failed' } as const;
const FOUND_NOTHING_OUT: Asked = { answer: { kind: 'undecided' }, pauseMs: 0 };

/** v1 takes two calls to find out that there is nothing, and two until a payment has begun. */
function limitsOf({ generation }: ApiClient): ThrottleLimits {
  const { calls } = LIMITS;
  return generation === 'v2' ? LIMITS : { ...LIMITS, calls: { ...calls, perSecond: 50 } };
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

/** As deliveries name it. */
function subjectOf(reference: TransactionReference): string {
  return canonicalId(prefixOf(transactionTypeOf(reference)), reference.uuid);
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
    logger.error(
      { code: 'status_not_asked', uuid: reference.uuid, error },
      'the status could not be asked: the page waits',
    );
    const pauseMs = askedPauseMs(thrown);
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
