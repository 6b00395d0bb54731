import * as z from 'zod';
import { ApiError } from '../../api/api-error.js';
import { findAnswer, readStatus } from '../../api/answers.js';
import type { ApiCallOptions, ApiClient } from '../../api/client.js';
import {
  encodeId,
  nameOfId,
  type TransactionReference,
  transactionTypeOf,
} from '../../api/transaction-ids.js';
import type { ExpiredSession, TransactionStatusReport } from '../../api/transactions.js';
import { canonicalId, prefixOf } from '../../event/keys.js';
import { headerOf } from '../../http/http.js';
import { lazily } from '../../lazily.js';
import type { Delivery, RemoteQuestion, StatusChannel } from '../generation.js';
import { isJsonObject, type JsonObject, parseJson } from '../json.js';
import { V1_SIGNATURE_HEADER, V1_TIMESTAMP_HEADER } from '../signature.js';

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
  const ask = async (txType: string): ReturnType<typeof findAnswer> => {
    const query = { txUUID: uuid, txType };
    return findAnswer(api, { ...options, method: 'GET', path: '/transaction/status', query });
  };
  const asked = transactionTypeOf(reference);
  const found = await ask(asked);
  if (found) return reportOf(found.answer, uuid);
  // v1's 404 also means "nothing processed yet"; a session that exists tells the two apart.
  const exists = await findAnswer(api, { ...options, ...session });
  if (exists === undefined) return undefined;
  const created = { status: 'created', generation: 'v1' } as const;
  const txType = isJsonObject(exists.answer) ? exists.answer['txType'] : undefined;
  if (reference.type || typeof txType !== 'string' || txType === asked) return { uuid, ...created };
  // The id told no type, or not the whole of it: the session does.
  const named = canonicalId(prefixOf(txType), uuid);
  const again = await ask(txType);
  return again ? reportOf(again.answer, named) : { uuid: named, ...created };
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

/** Reads a session. */
export function sessionCall(uuid: string) {
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
