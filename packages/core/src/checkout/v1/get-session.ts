import { isApiError } from '../../api/api-error.js';
import type { ApiClient } from '../../api/client.js';
import { encodeId } from '../../api/transaction-ids.js';
import { QBitFlowError } from '../../errors.js';
import type { Extensible, Maybe, TransactionType } from '../../event/data.js';
import { number } from '../../protocol/fields.js';
import { sessionSchema } from '../../protocol/v1/schemas.js';
import { unreadable } from '../session.js';

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

const detailsSchema = sessionSchema.extend({ frequency: number, trialPeriod: number });

/** Asks v1 for a session; `undefined` when it knows none. Rejects with `misconfigured` on v2, which has no such call. */
export async function getSession(
  api: ApiClient,
  uuid: string,
): Promise<CheckoutDetails | undefined> {
  if (api.generation !== 'v1')
    throw new QBitFlowError(
      'misconfigured',
      'v2 removed the call that reads a checkout session: ask getStatus() where it stands, keep its terms with your order, or set a baseUrl that ends in /v1',
    );
  const path = `/transaction/session-checkout/${encodeId(uuid)}`;
  try {
    return parseDetails(
      uuid,
      await api.request({ method: 'GET', path, query: { closeToExpireError: false } }),
    );
  } catch (error) {
    if (isApiError(error) && error.status === 404) return undefined;
    throw error;
  }
}

function parseDetails(asked: string, answer: unknown): CheckoutDetails {
  const parsed = detailsSchema.safeParse(answer);
  if (!parsed.success) throw unreadable('for a session', parsed.error);
  const { uuid, customerUUID, ...rest } = parsed.data;
  return { ...rest, uuid: uuid ?? asked, customerUuid: customerUUID };
}
