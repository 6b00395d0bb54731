import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import { ApiError, type FieldError, isApiError } from '../api/api-error.js';
import type { ApiClient } from '../api/client.js';
import { getStatus } from '../api/transactions.js';
import { QBitFlowError } from '../errors.js';
import type { Extensible, Maybe, TransactionType } from '../event/data.js';
import type { CheckoutRules } from '../protocol/generation.js';
import { meaningOf } from '../status/transaction-status.js';
import type { CheckoutKind, CheckoutTerms } from './params.js';
import { lazily } from '../lazily.js';

/** A checkout that is open. */
export interface CheckoutSession {
  /** `pay@…` or `sub@…`; also the id of the payment or subscription it will create. */
  readonly uuid: string;
  /** QBitFlow's hosted page: send the customer there. */
  readonly link: string;
  /** When the link ends, if the API said so. */
  readonly expiresAt?: Date | undefined;
  /** Your order's id, as given. */
  readonly reference?: string | undefined;
}

/** A session as v1 describes it, v2's names where they differ. Prices are USD, periods seconds; fields we do not know are kept. */
export interface CheckoutDetails extends Extensible {
  readonly uuid: string;
  readonly reference?: Maybe<string>;
  readonly productId?: Maybe<number>;
  readonly productReference?: Maybe<string>;
  readonly productName?: Maybe<string>;
  readonly description?: Maybe<string>;
  readonly price?: Maybe<number | string>;
  readonly successUrl?: Maybe<string>;
  readonly cancelUrl?: Maybe<string>;
  readonly organizationName?: Maybe<string>;
  readonly userName?: Maybe<string>;
  readonly test?: Maybe<boolean>;
  /** Empty when the checkout asks for it. */
  readonly customerUuid?: Maybe<string>;
  readonly customerReference?: Maybe<string>;
  readonly txType?: Maybe<TransactionType>;
  readonly frequency?: Maybe<number>;
  readonly trialPeriod?: Maybe<number>;
  readonly minPeriods?: Maybe<number>;
  readonly upgradingFromTrial?: Maybe<boolean>;
}

/** Unix seconds (v1) or RFC 3339 (v2); a text or number that is no date is as good as none. */
const expiry = lazily(() =>
  z
    .union([z.number(), z.string()])
    .nullish()
    .transform((value) => {
      if (value === null || value === undefined || value === 0 || value === '') return undefined;
      const date = new Date(typeof value === 'number' ? value * 1000 : value);
      return Number.isNaN(date.getTime()) ? undefined : date;
    }),
);

/** The link goes into a `Location` header as it stands: no line break, nothing beyond ASCII, no host in disguise. */
const link = lazily(() =>
  z
    .string()
    .regex(/^https?:\/\/[\x21-\x7e]+$/i)
    .refine((text) => URL.canParse(text) && !hasCredentials(new URL(text))),
);

function hasCredentials({ username, password }: URL): boolean {
  return username !== '' || password !== '';
}

const answerSchema = lazily(() =>
  z.looseObject({ uuid: z.string().min(1), link: link(), expiresAt: expiry() }),
);

/** Reads either generation's answer to a create. Throws `api_unreadable` when a customer could not be sent there. */
export function parseSession(answer: unknown, reference: string | undefined): CheckoutSession {
  const parsed = answerSchema().safeParse(answer);
  if (!parsed.success) throw unreadable('a create', parsed.error);
  const { uuid, link: href, expiresAt } = parsed.data;
  return {
    uuid,
    link: href,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(reference === undefined ? {} : { reference }),
  };
}

/** The error for an answer that is not what the protocol says. No value is repeated in it. */
export function unreadable(what: string, cause: z.ZodError): ApiError {
  const fields = cause.issues.map((issue) => issue.path.join('.') || 'the answer itself');
  return new ApiError(
    'api_unreadable',
    `QBitFlow's API answered ${what} with something that cannot be read (${fields.join(', ')}): probably something else answers at baseUrl, or this kit is older than the API; correct baseUrl or update`,
    { cause },
  );
}

/** One checkout as it is asked for: the same order on the same terms has the same fingerprint in every process. */
export interface Order {
  readonly kind: CheckoutKind;
  readonly reference: string | undefined;
  /** What is sent. */
  readonly body: object;
  /** Of the kind and all that is sent: it changes with any of the terms. */
  readonly fingerprint: string;
}

const DIGEST_LENGTH = 22;

/** The order that checked parameters are for. */
export function orderOf(
  kind: CheckoutKind,
  terms: CheckoutTerms,
  { createBody }: CheckoutRules,
): Order {
  const body = createBody(terms);
  const digest = createHash('sha256')
    .update(`${kind} ${JSON.stringify(body)}`)
    .digest('base64url');
  return {
    kind,
    reference: terms.reference,
    body,
    fingerprint: digest.slice(0, DIGEST_LENGTH),
  };
}

/**
 * The `Idempotency-Key` of a v2 create: kind, reference, terms and a round, which counts the sessions of these terms
 * that are over. Every process comes to the same one, so a double click and a restart open no second session.
 * Without a reference each call has a key of its own, which only its retries share.
 */
export function idempotencyKeyOf(order: Order, round: number): string {
  const { kind, reference, fingerprint } = order;
  if (reference === undefined) return randomUUID();
  return `qbitflow-kit:${kind}:${reference}:${fingerprint}:${round}`;
}

/** Where an order's checkout is created, below the API's base. */
export function createPathOf({ kind }: Order): string {
  return `/transaction/session-checkout/new/${kind}`;
}

/**
 * How far a session is. `under way`: it is being paid, or the API says what this kit does not know yet. `unknown`: the API
 * knows no such session, or does not answer.
 */
export type SessionState = 'open' | 'under way' | 'paid' | 'over' | 'unknown';

/** Asks how far a session is. A failure to find out is `unknown`: what depends on it has a safe way without. */
export async function stateOf(
  api: ApiClient,
  uuid: string,
  kind?: Order['kind'],
): Promise<SessionState> {
  const type = kind === 'subscription' ? 'createSubscription' : undefined;
  try {
    const report = await getStatus(api, { uuid, type }, { maxRetries: 1 });
    if (report === undefined) return 'unknown';
    const { final, state, step } = meaningOf(report);
    if (final) return state === 'paid' ? 'paid' : 'over';
    return step === 'customer' ? 'open' : 'under way';
  } catch (error) {
    if (isApiError(error)) return 'unknown';
    throw error;
  }
}

/** Whether a link's time is over by this machine's clock. */
export function isPast(expiresAt: Date | undefined, now: number): boolean {
  return expiresAt !== undefined && expiresAt.getTime() <= now;
}

/** Whose session it is that stands in the way of another one. */
export interface PaidSession {
  readonly uuid: string;
  readonly reference: string | undefined;
}

/** The error for an order that needs no checkout any more. */
export function alreadyPaid({ uuid, reference }: PaidSession): QBitFlowError {
  return new QBitFlowError(
    'already_paid',
    `this order is paid already (${uuid}), so no checkout was opened: show the customer that it is paid, and sell anything more under a new reference`,
    { facts: { reference, uuid } },
  );
}

/** The error for an order that is being paid at this moment, on a page whose link is not known here. */
export function paymentInProgress({ uuid, reference }: PaidSession): QBitFlowError {
  return new QBitFlowError(
    'payment_in_progress',
    `this order is being paid (${uuid}), so no checkout was opened: show the customer its status, its webhook tells how it ends`,
    { facts: { reference, uuid } },
  );
}

/** The error for parameters that cannot be sent; `facts.fieldErrors` has every fault. No value is repeated in it. */
export function invalidCheckout(
  fieldErrors: readonly FieldError[],
  options: { readonly cause?: unknown } = {},
): QBitFlowError {
  const faults = fieldErrors.map(({ field, message }) => (field ? `${field} ${message}` : message));
  return new QBitFlowError(
    'invalid_checkout',
    `this checkout cannot be opened, correct its parameters: ${faults.join('; ')}`,
    { ...options, facts: { fieldErrors } },
  );
}
