import type { ApiClient } from '../api/client.js';
import {
  type CompletedTransaction,
  getExpiredCheckout,
  getTransaction,
  type TransactionStatusReport,
} from '../api/transactions.js';
import { isSpellingOf, type TransactionReference } from '../api/transaction-ids.js';
import type { Clock } from '../clock.js';
import { keyOfExpiredCheckout, keyOfPayment, keyOfSubscription } from '../event/keys.js';
import type { Diagnostics } from '../diagnostics.js';
import type { Logger } from '../logger.js';
import { secondsTime, transactionTime } from './happened-at.js';
import type { OpenSightings } from './open-sightings.js';
import type { Look, LookOutcome, RecordLook } from './record-look.js';

/** What recording a transaction needs. */
export interface TransactionRecorder {
  readonly api: ApiClient;
  readonly recordLook: RecordLook;
  readonly sightings: OpenSightings;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  readonly logger: Logger;
}

/** Whom the API was asked about, and on whose behalf. */
export interface AskedFor {
  readonly reference: TransactionReference;
  readonly source: Look['source'];
}

/**
 * What became of a transaction that was looked at. `unidentified`: the API's answer has no id, or another one than was
 * asked for. See {@link LookOutcome} for the others.
 */
export type RecheckOutcome = LookOutcome | { readonly status: 'unidentified' };

/**
 * Records what the API says about a transaction under the key its webhook would have: whoever comes first, webhook,
 * return page or recovery, is the one whose event is handled. The key is made of the id in the answer, however it was
 * asked for. `undefined` when there is nothing final to record.
 */
export async function recordTransaction(
  recorder: TransactionRecorder,
  report: TransactionStatusReport,
  asked: AskedFor,
): Promise<RecheckOutcome | undefined> {
  const { source, reference } = asked;
  const seen = await see(recorder, report, reference);
  if (seen === undefined) return undefined;
  if (seen.uuid === undefined || !isSpellingOf(reference.uuid, seen.uuid)) {
    recorder.logger.warn(
      { code: 'look_unidentified', uuid: reference.uuid, answered: seen.uuid },
      "the API's answer names another transaction than was asked for, or none: it was not recorded, its webhook will bring it",
    );
    return { status: 'unidentified' };
  }
  const body = { version: 'v2', ...seen.news(seen.uuid) };
  const outcome = await recorder.recordLook({ body, happenedAt: seen.happenedAt, source });
  if (outcome.status === 'too_old' || outcome.status === 'undated')
    recorder.diagnostics.emit('look_left', { id: seen.uuid, source, reason: outcome.status });
  return outcome;
}

/** What a look at a transaction has found. */
interface Seen {
  readonly uuid: string | undefined;
  readonly happenedAt: number | undefined;
  /** The event that its webhook would bring; its id is the key, which no delivery's id can be. */
  readonly news: (uuid: string) => object;
}

async function see(
  { api, clock, sightings }: TransactionRecorder,
  { status, uuid: answered }: TransactionStatusReport,
  reference: TransactionReference,
): Promise<Seen | undefined> {
  if (status === 'expired') {
    const session = await getExpiredCheckout(api, reference);
    return {
      uuid: idOf(session?.data),
      happenedAt: sightings.of(answered) ?? pastTime(session?.expiresAt, clock.now()),
      news: (uuid) => expired(uuid, reference, session?.data),
    };
  }
  if (status !== 'completed') return undefined;
  const found = await getTransaction(api, { ...reference, uuid: answered });
  if (found === undefined) return undefined;
  return {
    uuid: idOf(found.data, found.kind === 'payment' ? 'pay@' : 'sub@'),
    happenedAt: transactionTime(found.data, clock.now()),
    news: (uuid) => completed(uuid, found),
  };
}

/** An end that is still to come is not what ended the session: somebody ended it early, nobody says when. */
function pastTime(seconds: unknown, now: number): number | undefined {
  const time = secondsTime(seconds, now);
  return time !== undefined && time <= now ? time : undefined;
}

/** A payment's answer that names a subscription is no answer. */
function idOf(data: Readonly<Record<string, unknown>> = {}, prefix = ''): string | undefined {
  const { uuid } = data;
  if (typeof uuid !== 'string' || uuid === '') return undefined;
  return uuid.includes('@') && !uuid.startsWith(prefix) ? undefined : uuid;
}

function completed(uuid: string, { kind, data }: CompletedTransaction): object {
  const isPayment = kind === 'payment';
  return {
    id: isPayment ? keyOfPayment(uuid) : keyOfSubscription(uuid),
    type: isPayment ? 'payment.completed' : 'subscription.created',
    createdAt: data['createdAt'],
    test: data['test'],
    userUuid: data['userUuid'],
    data,
  };
}

function expired(
  uuid: string,
  { type }: TransactionReference,
  data: Readonly<Record<string, unknown>> = {},
): object {
  const txType = data['txType'] ?? type;
  const named = typeof txType === 'string' ? txType : undefined;
  return {
    id: keyOfExpiredCheckout(uuid, named),
    type: 'checkout.expired',
    test: data['test'],
    data: { ...data, txType },
  };
}
