import { ASKING_LINES } from '../asking-lines.js';
import type { ApiClient } from '../api/client.js';
import {
  getExpiredCheckout,
  getStatus,
  getTransaction,
  type TransactionStatusReport,
} from '../api/transactions.js';
import { isSpellingOf, nameOfId, type TransactionReference } from '../api/transaction-ids.js';
import { asError } from '../errors.js';
import { prefixOf, keyOf } from '../event/keys.js';
import type { KnownEventType } from '../event/types.js';
import { NEWEST } from '../protocol/index.js';
import { createRotatingMap } from '../rotating-map.js';
import type { Runtime } from '../runtime.js';
import type { ReportListener } from '../status/queries.js';
import { meaningOf, type RecordedAs } from '../status/transaction-status.js';
import { secondsTime, transactionTime } from './happened-at.js';
import type { Look, LookOutcome, Looks } from './looks.js';

/**
 * What became of a transaction that was looked at. `unidentified`: the API's answer has no id, or another one than was
 * asked for. See {@link LookOutcome} for the others.
 */
export type RecheckOutcome = LookOutcome | { readonly status: 'unidentified' };

/**
 * Records what the API says about transactions under the key their webhook would have: whichever comes first, webhook,
 * return page or recovery, brings the event that is handled.
 */
export interface TransactionRecorder {
  /**
   * Asks about one transaction and records what is final; `undefined` when there is nothing final to record. Rejects with
   * `ApiError`, or when the store is away.
   */
  readonly recheck: (reference: TransactionReference) => Promise<RecheckOutcome | undefined>;
  /**
   * Records a payment that a page has seen before its webhook came. Every viewer of a page sees the same payment, under
   * whatever spelling of its id: it is recorded once, and again only when that failed. Never throws.
   */
  readonly onReport: ReportListener;
  /** Resolves when what pages have seen is recorded; `undefined` when nothing is on its way. Never rejects. */
  readonly pending: () => Promise<void> | undefined;
}

const REMEMBERED = 10_000;
/** How long nothing is asked again about a transaction of which the API has not said enough, in ms. */
const ASKED_AGAIN_AFTER_MS = 60_000;

/** The recorder of one kit. What pages have seen is read through `pageApi`, which shares its reads with the pages. */
export function createTransactionRecorder(
  runtime: Runtime,
  looks: Looks,
  pageApi: ApiClient,
): TransactionRecorder {
  const { api, clock, diagnostics } = runtime;
  /** When this process last saw a transaction unfinished, ms since 1970: what ends it comes later. */
  const unfinishedAt = createRotatingMap<number>(REMEMBERED);
  /** Until when nothing is to be done about a transaction that a page has seen, ms since 1970. */
  const settledUntil = createRotatingMap<number>(REMEMBERED);
  const running = new Map<string, Promise<void>>();

  function noteUnfinished(report: TransactionStatusReport): void {
    const { final, step } = meaningOf(report);
    // A status without a step is newer than this kit: it may be an end.
    if (!final && step !== undefined) unfinishedAt.set(nameOfId(report.uuid), clock.now());
  }

  /** The key is made of the id in the answer, however it was asked for. */
  async function record(
    from: ApiClient,
    report: TransactionStatusReport,
    { reference, source }: Pick<Look, 'source'> & { readonly reference: TransactionReference },
  ): Promise<RecheckOutcome | undefined> {
    const seen = await see(from, report, reference);
    if (seen === undefined) return undefined;
    const { uuid, happenedAt } = seen;
    if (uuid === undefined || !isSpellingOf(reference.uuid, uuid)) {
      diagnostics.say(ASKING_LINES, 'look_unidentified', { uuid: reference.uuid, answered: uuid });
      return { status: 'unidentified' };
    }
    const body = { version: NEWEST.name, ...seen.eventOf(uuid) };
    const outcome = await looks.record({ body, happenedAt, source });
    if (outcome.status === 'too_old' || outcome.status === 'undated')
      diagnostics.emit('look_left', { id: uuid, source, reason: outcome.status });
    return outcome;
  }

  async function see(
    from: ApiClient,
    report: TransactionStatusReport,
    reference: TransactionReference,
  ): Promise<Seen | undefined> {
    const { state, records } = meaningOf(report);
    if (state === 'paid') return seeCompleted(from, { ...reference, uuid: report.uuid }, records);
    if (state !== 'expired') return undefined;
    const { data = {}, expiresAt } = (await getExpiredCheckout(from, reference)) ?? {};
    const txType = data['txType'] ?? reference.type;
    return {
      uuid: idOf(data),
      happenedAt: unfinishedAt.get(nameOfId(report.uuid)) ?? pastTime(expiresAt, clock.now()),
      eventOf: (uuid) => expired(uuid, records, { ...data, txType }),
    };
  }

  async function seeCompleted(
    from: ApiClient,
    reference: TransactionReference,
    records: RecordedAs,
  ): Promise<Seen | undefined> {
    const found = await getTransaction(from, reference);
    if (found === undefined) return undefined;
    const { kind, data } = found;
    return {
      uuid: idOf(data, kind === 'payment' ? 'pay@' : 'sub@'),
      happenedAt: transactionTime(data, clock.now()),
      eventOf: (uuid) => completed(uuid, records[kind], data),
    };
  }

  async function recordSeen(
    report: TransactionStatusReport,
    reference: TransactionReference,
  ): Promise<void> {
    const name = nameOfId(report.uuid);
    try {
      const outcome = await record(pageApi, report, { reference, source: 'return' });
      if (outcome !== undefined && !isClaimed(outcome))
        settledUntil.set(name, clock.now() + restMs(outcome));
    } catch (thrown) {
      diagnostics.say(ASKING_LINES, 'seen_not_recorded', {
        uuid: report.uuid,
        err: asError(thrown),
      });
    } finally {
      running.delete(name);
    }
  }

  return {
    async recheck(reference) {
      const report = await getStatus(api, reference);
      if (report === undefined) return undefined;
      noteUnfinished(report);
      return record(api, report, { reference, source: 'recovery' });
    },
    onReport(report, asked) {
      noteUnfinished(report);
      const name = nameOfId(report.uuid);
      if (meaningOf(report).records?.byPages !== true || running.has(name)) return;
      if (clock.now() < (settledUntil.get(name) ?? -Infinity)) return;
      running.set(name, recordSeen(report, asked));
    },
    pending() {
      if (running.size === 0) return undefined;
      return Promise.all(running.values()).then(() => undefined);
    },
  };
}

/** What is too old today is so tomorrow; what an answer leaves out the next one may hold, but not with every look. */
function restMs({ status }: RecheckOutcome): number {
  return status === 'unidentified' || status === 'undated' ? ASKED_AGAIN_AFTER_MS : Infinity;
}

/** The worker that has claimed it, of another instance perhaps, may still fail to handle it. */
function isClaimed(outcome: RecheckOutcome): boolean {
  return outcome.status === 'duplicate' && outcome.state === 'running';
}

/** What a look at a transaction has found. */
interface Seen {
  readonly uuid: string | undefined;
  readonly happenedAt: number | undefined;
  /** The event that its webhook would bring; its id is the key, which no delivery's id can be. */
  readonly eventOf: (uuid: string) => object;
}

/** An end that is still to come is not what ended the session: it was ended early, and nothing says when. */
function pastTime(seconds: unknown, now: number): number | undefined {
  const time = secondsTime(seconds, now);
  return time !== undefined && time <= now ? time : undefined;
}

/** A payment's answer that names a subscription is no answer. */
function idOf(data: Readonly<Record<string, unknown>>, prefix = ''): string | undefined {
  const { uuid } = data;
  if (typeof uuid !== 'string' || uuid === '') return undefined;
  return uuid.includes('@') && !uuid.startsWith(prefix) ? undefined : uuid;
}

function completed(
  uuid: string,
  type: KnownEventType,
  data: Readonly<Record<string, unknown>>,
): object {
  return {
    id: keyOf(type, { uuid }, ''),
    type,
    createdAt: data['createdAt'],
    test: data['test'],
    userUuid: data['userUuid'],
    data,
  };
}

function expired(
  uuid: string,
  records: RecordedAs,
  data: Readonly<Record<string, unknown>> & { readonly txType: unknown },
): object {
  const { test, txType } = data;
  const type = prefixOf(txType) === 'sub@' ? records.subscription : records.payment;
  return { id: keyOf(type, { uuid, txType }, ''), type, test, data };
}
