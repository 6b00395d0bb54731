import { ASKING_LINES } from '../asking-lines.js';
import { createAbortRelay } from '../abort-relay.js';
import type { ApiClient } from '../api/client.js';
import { getStatus, type TransactionStatusReport } from '../api/transactions.js';
import { nameOfId, type TransactionReference, transactionTypeOf } from '../api/transaction-ids.js';
import {
  askedPauseMs,
  createThrottle,
  type Standing,
  type ThrottleLimits,
  type TurnedAway,
  type Turn,
} from '../api/throttle.js';
import { sleep } from '../clock.js';
import { asError } from '../errors.js';
import { canonicalId, prefixOf } from '../event/keys.js';
import { apiRulesOf } from '../protocol/api-rules.js';
import { createRotatingMap } from '../rotating-map.js';
import { HeardReports } from './heard.js';
import type { Runtime } from '../runtime.js';
import type { StatusAnswer } from './transaction-status.js';

/** Called with what the API says about a transaction, and under which id it was asked. */
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

/** How status queries behave. */
export interface StatusQueriesOptions {
  /** Called with every report as it comes from the API; what it throws is ignored. */
  readonly onReport?: ReportListener | undefined;
  /** What deliveries have said before, and where it is noted from now on. @default nothing */
  readonly delivered?: HeardReports | undefined;
  /** How much the API is asked; default {@link LIMITS}. */
  readonly limits?: Partial<ThrottleLimits> | undefined;
}

/** Status queries of pages that anyone can open: shared, cached and throttled, so that they cannot hammer the API. */
export interface StatusQueries {
  /**
   * Never rejects. Waits at most `timeoutMs` (ms); the query keeps its place, goes on, and fills the cache. Where the
   * API cannot be asked, or does not answer in time, the last report stands.
   */
  ask(reference: TransactionReference, timeoutMs: number, asker?: Asker): Promise<StatusAnswer>;
  /**
   * This id was not made up: a session of this kit has it, or a webhook named it, here or on another instance. It is
   * asked about before those that may be.
   */
  vouch(uuid: string): void;
  /** Whether the id is known not to be made up. */
  isVouched(uuid: string): boolean;
  /** Something has happened to a transaction: what is remembered of it counts no more. `report` is what a verified delivery says. */
  notify(subject: string, report?: TransactionStatusReport): void;
  /** Upstream queries under way. */
  inFlight(): number;
  /** From now on nothing is asked; whoever waits is answered with what is known. */
  close(): void;
}

/** One question under way, for all who ask it. */
interface Question {
  /** The order of queries and notifications; `undefined` until the API is asked. */
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

/** How long an answer serves every asker, in ms. */
const CACHE_MS = 1_000;
/** How long an unknown id stays unknown without asking again, in ms. */
const UNKNOWN_MS = 10_000;
/** How many answers, reports and notifications are remembered, each. */
const REMEMBERED = 10_000;
/** How many ids are remembered as not made up. */
const REMEMBERED_IDS = 20_000;
/** How long one upstream attempt may take, in ms. */
const QUERY_TIMEOUT_MS = 15_000;
/** A page that has gone without an answer comes again within this, in ms. */
const KEEP_PLACE_MS = 15_000;
const WARN_EVERY_MS = 60_000;

/**
 * How much the pages of one kit ask the API. A page of a payment that exists is answered at once for as long as the API
 * has 24 places, whoever asks; only who asks for what does not exist is slowed down, to ten a second.
 */
export const LIMITS: ThrottleLimits = {
  maxInFlight: 32,
  maxInFlightOf: { vouched: 28, unknown: 24 },
  calls: { perSecond: 100, burst: 100 },
  misses: { perSecond: 10, burst: 40 },
  maxWaiting: 4_000,
};

/** The queries of one kit instance. */
export function createStatusQueries(
  runtime: Runtime,
  { onReport, limits, delivered = new HeardReports(REMEMBERED) }: StatusQueriesOptions = {},
): StatusQueries {
  const { api, clock, diagnostics } = runtime;
  const throttle = createThrottle(clock, { ...limitsOf(api), ...limits });
  const vouched = createRotatingMap<true>(REMEMBERED_IDS);
  const answers = createRotatingMap<RememberedAnswer>(REMEMBERED);
  /** The last report of each id as it was asked for: what the API knows is not made up. */
  const reports = createRotatingMap<TransactionStatusReport>(REMEMBERED);
  /** The number of the last query before something happened to a transaction, by name: every spelling of an id is the same one. */
  const notified = createRotatingMap<number>(REMEMBERED);
  /** Questions that found no place. Who asks again goes before those who ask once, as a flood of made-up ids does. */
  const turnedAway = createRotatingMap<true>(REMEMBERED);
  const questions = new Map<string, Question>();
  const aborts = createAbortRelay();
  const state = { count: 0, warnedAt: -Infinity };

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
        const asked = await askApi(runtime, reference, onReport).catch(() => FOUND_NOTHING_OUT);
        questions.delete(key);
        remember(key, count, asked.answer);
        settle(asked.answer);
        return { result: RESULT[asked.answer.kind], pauseMs: asked.pauseMs };
      },
      isWanted: () => question.askers > 0 || clock.now() - question.leftAt < KEEP_PLACE_MS,
      turnedAway(why: TurnedAway) {
        questions.delete(key);
        if (why === 'crowded') {
          turnedAway.set(key, true);
          warnOfCrowd();
        }
        settle(why === 'crowded' ? CROWDED : { kind: 'undecided' });
      },
    };
    const standing = standingOf(key, reference, asker);
    question.turn = throttle.submit(call, standing, turnedAway.get(key) === true);
    return question;
  }

  function remember(key: string, number: number, answer: StatusAnswer): void {
    const keepMs = answer.kind === 'unknown' ? UNKNOWN_MS : CACHE_MS;
    answers.set(key, { number, answer, until: clock.now() + keepMs });
    if (answer.kind === 'report') reports.set(key, answer.report);
  }

  function vouch(uuid: string): void {
    vouched.set(withoutPrefix(uuid), true);
  }

  function isVouched(uuid: string): boolean {
    // What a delivery said was not made up.
    delivered.asked(vouch);
    return vouched.get(withoutPrefix(uuid)) === true;
  }

  function standingOf(key: string, reference: TransactionReference, asker: Asker): Standing {
    const canShow = reports.get(key) !== undefined;
    if (canShow) return 'refresh';
    if (isVouched(reference.uuid)) return 'known';
    return asker.isVouched === true ? 'vouched' : 'unknown';
  }

  function warnOfCrowd(): void {
    const now = clock.now();
    if (now - state.warnedAt < WARN_EVERY_MS) return;
    state.warnedAt = now;
    diagnostics.say(ASKING_LINES, 'status_queries_crowded', { waiting: throttle.waiting() });
  }

  /** Whether it was asked before the last thing that happened: it may say what was true before that. */
  function isOutdated(number: number, reference: TransactionReference): boolean {
    return number <= (notified.get(nameOf(reference.uuid)) ?? 0);
  }

  /** The last report stands where the API said nothing. */
  function orLast(reference: TransactionReference, answer: StatusAnswer): StatusAnswer {
    if (answer.kind !== 'undecided') return answer;
    delivered.asked(vouch);
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
    if (shared === undefined && standing === 'unknown' && retryAfterMs !== undefined)
      return { ...CROWDED, retryAfterMs };
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
    vouch,
    isVouched,
    notify(subject, report) {
      delivered.note(subject, report);
      // Every delivery comes here, also when no page has ever been opened.
      if (state.count > 0) notified.set(nameOf(subject), state.count);
    },
    inFlight: throttle.inFlight,
    close: throttle.close,
  };
}

const RESULT = { report: 'found', unknown: 'missed', undecided: 'failed' } as const;
const CROWDED = { kind: 'undecided', trouble: 'crowded' } as const;
const AWAY = { kind: 'undecided', trouble: 'away' } as const;
const FOUND_NOTHING_OUT: Asked = { answer: AWAY, pauseMs: 0 };

function limitsOf(api: ApiClient): ThrottleLimits {
  const perSecond = apiRulesOf(api).statusQueriesPerSecond;
  return { ...LIMITS, calls: { ...LIMITS.calls, perSecond } };
}

function keyOf(api: ApiClient, reference: TransactionReference): string {
  return apiRulesOf(api).statusQuestion(reference);
}

/** One name for all spellings, with the prefix or without. */
function nameOf(uuid: string): string {
  return nameOfId(uuid).replace(/^.*@/, '');
}

/** Links carry ids with their prefix or without. Other spellings may be made up: one id has millions of them. */
function withoutPrefix(uuid: string): string {
  return uuid.replace(/^(?:pay|sub)@/, '');
}

/** As deliveries name it. */
function subjectOf(reference: TransactionReference): string {
  return canonicalId(prefixOf(transactionTypeOf(reference)), reference.uuid);
}

interface Asked {
  readonly answer: StatusAnswer;
  /** How long nothing may be asked (ms). */
  readonly pauseMs: number;
}

// No retries here: the page asks again by itself, and a slot held for a retry is a customer kept waiting.
async function askApi(
  { api, diagnostics }: Runtime,
  reference: TransactionReference,
  onReport: ReportListener | undefined,
): Promise<Asked> {
  try {
    const report = await getStatus(api, reference, { timeoutMs: QUERY_TIMEOUT_MS, maxRetries: 0 });
    // A listener may fail; the page still shows it.
    if (report !== undefined) attempt(() => onReport?.(report, reference));
    const answer: StatusAnswer = report ? { kind: 'report', report } : { kind: 'unknown' };
    return { answer, pauseMs: 0 };
  } catch (thrown) {
    diagnostics.say(ASKING_LINES, 'status_not_asked', {
      uuid: reference.uuid,
      err: asError(thrown),
    });
    const pauseMs = askedPauseMs(thrown);
    const answer: StatusAnswer = pauseMs > 0 ? { ...CROWDED, retryAfterMs: pauseMs } : AWAY;
    return { answer, pauseMs };
  }
}

function attempt(call: () => void): void {
  try {
    call();
  } catch {
    // Promised to the listener.
  }
}
