import { findAnswer, readStatus } from '../../api/answers.js';
import type { ApiCallOptions, ApiClient } from '../../api/client.js';
import { encodeId, type TransactionReference } from '../../api/transaction-ids.js';
import type { ExpiredSession, TransactionStatusReport } from '../../api/transactions.js';
import { QBitFlowError } from '../../errors.js';
import { headerOf } from '../../http/http.js';
import type { Delivery, RemoteQuestion } from '../generation.js';
import { isJsonObject } from '../json.js';
import { V2_SIGNATURE_HEADER } from '../signature.js';

/** Reads the event log, which only v2 has; each page at most 100 events, the newest first. */
export const EVENT_LOG = { method: 'GET', path: '/webhooks/events', generation: 'v2' } as const;

/** Asks whose key it is, and of which space. */
export const OWN_SPACE = { method: 'GET', path: '/me' } as const;

/** Asks v2 about a delivery's bytes, which are what it signs, at one of the merchant's endpoints. */
export function askV2ToVerify(
  { headers, body }: Delivery,
  endpointUuid: string | undefined,
): RemoteQuestion {
  if (endpointUuid === undefined) throw endpointMissing();
  return {
    request: {
      method: 'POST',
      generation: 'v2',
      path: '/webhooks/verify',
      body: {
        endpointUuid,
        body: body.kind === 'bytes' ? body.bytes.toString('utf8') : '',
        signature: headerOf(headers, V2_SIGNATURE_HEADER) ?? '',
      },
    },
    // Any 2xx will do.
    assertGenuine: () => undefined,
    isRefusal: ({ status, apiCode }) => status === 400 && apiCode === 'invalid_signature',
  };
}

function endpointMissing(): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    'a v2 delivery came, but there is neither a webhookSecret to check it with nor an endpointUuid to ask the API about it: give one of them',
  );
}

function sessionPath(uuid: string): string {
  return `/transaction/session-checkout/${encodeId(uuid)}`;
}

/** Asks v2 where a transaction stands. */
export async function getV2Status(
  api: ApiClient,
  { uuid }: TransactionReference,
  options: ApiCallOptions,
): Promise<TransactionStatusReport | undefined> {
  const path = `${sessionPath(uuid)}/status`;
  const found = await findAnswer(api, { ...options, method: 'GET', path });
  if (found === undefined) return undefined;
  const { uuid: answered, ...report } = readStatus(found.answer);
  return { uuid: answered ?? uuid, generation: 'v2', ...report };
}

/** Asks v2 what an expired checkout was: it tells the id alone. */
export async function getExpiredV2Checkout(
  api: ApiClient,
  uuid: string,
): Promise<ExpiredSession | undefined> {
  const path = `${sessionPath(uuid)}/status`;
  const found = await findAnswer(api, { method: 'GET', path }, [404, 410]);
  return isJsonObject(found?.answer) ? { data: { uuid: found.answer['uuid'] } } : undefined;
}

/** Ends an unpaid session. Rejects with `ApiError`, code `tx_already_sent` once it is paid or being paid. */
export async function expireV2Session(api: ApiClient, uuid: string): Promise<void> {
  await api.request({ method: 'POST', path: `${sessionPath(uuid)}/expire` });
}
