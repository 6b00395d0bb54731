import * as z from 'zod';
import { ApiError, isApiError } from '../../api/api-error.js';
import type { ApiCallOptions, ApiClient } from '../../api/client.js';
import {
  encodeId,
  nameOfId,
  type TransactionReference,
  transactionTypeOf,
} from '../../api/transaction-ids.js';
import {
  type ExpiredSession,
  findAnswer,
  readStatus,
  type TransactionStatusReport,
} from '../../api/transactions.js';
import {
  alreadyPaid,
  type CheckoutDetails,
  type CheckoutSession,
  createPathOf,
  invalidCheckout,
  type Order,
  parseSession,
  paymentInProgress,
  stateOf,
  unreadable,
} from '../../checkout/session.js';
import { QBitFlowError } from '../../errors.js';
import { headerOf } from '../../http/http.js';
import type { Runtime } from '../../runtime.js';
import { lazily } from '../../lazily.js';
import { fieldKinds } from '../fields.js';
import type { Delivery, RemoteQuestion, StatusChannel } from '../generation.js';
import { isJsonObject, type JsonObject, parseJson } from '../json.js';
import { V1_SIGNATURE_HEADER, V1_TIMESTAMP_HEADER } from '../signature.js';
import { v1Schemas } from './schemas.js';
import { present } from './to-event.js';

const genuine = lazily(() => z.looseObject({ message: z.string().nullish() }));

/** Asks v1 about a delivery's value, which is what it signs. */
export function askV1ToVerify({ headers, body }: Delivery): RemoteQuestion {
  return {
    request: {
      method: 'POST',
      generation: 'v1',
      path: '/webhooks/verify',
      body: {
        payload: body.kind === 'value' ? body.value : parseJson(body.bytes).value,
        receivedSignature: headerOf(headers, V1_SIGNATURE_HEADER) ?? '',
        receivedTimestamp: headerOf(headers, V1_TIMESTAMP_HEADER) ?? '',
      },
      expectedStatus: 200,
    },
    assertGenuine,
    isRefusal: ({ status }) => status === 400,
  };
}

function assertGenuine(answer: unknown): void {
  if (genuine().safeParse(answer).success) return;
  throw new ApiError(
    'api_unreadable',
    "the answer to POST /webhooks/verify is not v1's { message }: something else answers at baseUrl; correct it",
  );
}

/** v1 is asked for an id and a type. */
export function v1StatusQuestion(reference: TransactionReference): string {
  return `${transactionTypeOf(reference)} ${reference.uuid}`;
}

/** Asks v1 where a transaction stands. */
export async function getV1Status(
  api: ApiClient,
  reference: TransactionReference,
  options: ApiCallOptions,
): Promise<TransactionStatusReport | undefined> {
  const { uuid } = reference;
  const session = sessionCall(uuid);
  const query = { txUUID: uuid, txType: transactionTypeOf(reference) };
  const found = await findAnswer(api, {
    ...options,
    method: 'GET',
    path: '/transaction/status',
    query,
  });
  if (found) return reportOf(found.answer, uuid);
  // v1's 404 also means "nothing processed yet"; a session that exists tells the two apart.
  const exists = await findAnswer(api, { ...options, ...session });
  return exists && { uuid, status: 'created', generation: 'v1' };
}

/** v1 keeps no attempts; its answer repeats no id. */
function reportOf(answer: unknown, uuid: string): TransactionStatusReport {
  const { status, txHash, message } = readStatus(answer);
  return { uuid, generation: 'v1', status, txHash, message };
}

/** v1's WebSocket of one transaction's status. */
export const v1StatusChannel: StatusChannel = {
  url(baseUrl, reference) {
    const url = new URL(`${baseUrl}/transaction/status/ws`);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    url.searchParams.set('txUUID', reference.uuid);
    url.searchParams.set('txType', transactionTypeOf(reference));
    return url;
  },
  read(text, uuid) {
    try {
      const message: unknown = JSON.parse(text);
      if (typeof message !== 'object' || message === null) return undefined;
      const { transactionUUID, status }: { transactionUUID?: unknown; status?: unknown } = message;
      // An error has a number for a status (404: not started yet).
      if (typeof status !== 'object' || status === null) return undefined;
      if (typeof transactionUUID === 'string' && nameOfId(transactionUUID) !== nameOfId(uuid))
        return undefined;
      return reportOf(status, uuid);
    } catch {
      return undefined;
    }
  },
};

function sessionCall(uuid: string) {
  const path = `/transaction/session-checkout/${encodeId(uuid)}`;
  return { method: 'GET', path, query: { closeToExpireError: false } } as const;
}

/** Reads a session as v1 describes it, as sent. */
export async function readV1Session(
  api: ApiClient,
  uuid: string,
  options: ApiCallOptions = {},
): Promise<JsonObject | undefined> {
  const session = await api.request({ ...options, ...sessionCall(uuid) });
  return isJsonObject(session) ? session : undefined;
}

const detailsSchema = lazily(() => {
  const { number } = fieldKinds();
  const cycle = { frequency: number, trialPeriod: number, minPeriods: number };
  return v1Schemas().session.extend({ ...cycle, options: z.looseObject(cycle).nullish() });
});

/** Asks v1 for a session's terms. */
export async function getV1Session(
  api: ApiClient,
  uuid: string,
): Promise<CheckoutDetails | undefined> {
  const found = await findAnswer(api, sessionCall(uuid));
  if (found === undefined) return undefined;
  const parsed = detailsSchema().safeParse(found.answer);
  if (!parsed.success) throw unreadable('for a session', parsed.error);
  const { uuid: answered, customerUUID, ...rest } = parsed.data;
  return { ...rest, ...cycleOf(parsed.data), uuid: answered ?? uuid, customerUuid: customerUUID };
}

/** How a subscription runs; servers of SDK 1.x have it under `options`. */
function cycleOf({ options, ...session }: z.infer<ReturnType<typeof detailsSchema>>) {
  return present({
    frequency: session.frequency ?? options?.frequency,
    trialPeriod: session.trialPeriod ?? options?.trialPeriod,
    minPeriods: session.minPeriods ?? options?.minPeriods,
  });
}

/** Of a session's fields those that mean the same in both generations. */
const TOLD = [
  'uuid',
  'reference',
  'productReference',
  'productName',
  'description',
  'price',
  'organizationName',
  'test',
  'customerReference',
  'txType',
];

/** Asks v1 what an expired checkout was. */
export async function getExpiredV1Checkout(
  api: ApiClient,
  uuid: string,
): Promise<ExpiredSession | undefined> {
  const found = await findAnswer(api, sessionCall(uuid), [404, 410]);
  if (!isJsonObject(found?.answer)) return undefined;
  const session = found.answer;
  const told = TOLD.map((name) => [name, session[name]] as const);
  return { data: Object.fromEntries(told), expiresAt: session['expiresAt'] };
}

/** v1 has no such call. */
export async function expireV1Session(): Promise<never> {
  throw new QBitFlowError(
    'misconfigured',
    'v1 cannot expire a checkout session: set a baseUrl that ends in /v2, or let the link run out',
  );
}

/** v1 has no keys and ends no session: all that can be known is whether the old one's money is there or on its way. */
export async function openV1Session(
  { api }: Runtime,
  order: Order,
  old: string | undefined,
): Promise<CheckoutSession> {
  const { body, kind, reference } = order;
  const state = old === undefined ? 'over' : await stateOf(api, old, kind);
  if (old !== undefined && state === 'paid') throw alreadyPaid({ uuid: old, reference });
  if (old !== undefined && state === 'under way') throw paymentInProgress({ uuid: old, reference });
  try {
    const answer = await api.request({ method: 'POST', path: createPathOf(order), body });
    return parseSession(answer, reference);
  } catch (error) {
    if (!isApiError(error) || error.status !== 400) throw error;
    throw invalidCheckout([{ field: '', message: error.message }], { cause: error });
  }
}
