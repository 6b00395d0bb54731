import * as z from 'zod';
import { lazily } from '../../lazily.js';
import { fieldKinds } from '../fields.js';

/** What v1 says of a transaction's progress; SDK 1.x servers name the transaction's type here. */
export interface V1Status {
  readonly status?: string | null | undefined;
  readonly txHash?: string | null | undefined;
  readonly message?: string | null | undefined;
  readonly settlementDetails?: unknown;
  readonly type?: string | null | undefined;
  readonly [field: string]: unknown;
}

/** The checkout session a v1 transaction came from. Prices are USD, periods seconds. */
export interface V1Session {
  readonly uuid?: string | null | undefined;
  readonly reference?: string | null | undefined;
  readonly productId?: number | null | undefined;
  readonly productReference?: string | null | undefined;
  readonly productName?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly price?: number | null | undefined;
  readonly successUrl?: string | null | undefined;
  readonly cancelUrl?: string | null | undefined;
  readonly organizationName?: string | null | undefined;
  readonly userName?: string | null | undefined;
  readonly test?: boolean | null | undefined;
  readonly customerUUID?: string | null | undefined;
  readonly customerReference?: string | null | undefined;
  readonly txType?: string | null | undefined;
  /** Ids; whole currencies on old servers. */
  readonly availableCurrencies?: readonly unknown[] | null | undefined;
  readonly frequency?: unknown;
  readonly trialPeriod?: unknown;
  readonly minPeriods?: number | null | undefined;
  readonly upgradingFromTrial?: boolean | null | undefined;
  readonly [field: string]: unknown;
}

/** v1's transaction webhook, as sent. */
export interface V1TransactionWebhook {
  readonly uuid?: string | null | undefined;
  readonly txType?: string | null | undefined;
  readonly status?: V1Status | null | undefined;
  readonly session?: V1Session | null | undefined;
  readonly managementPageLink?: string | null | undefined;
  readonly [field: string]: unknown;
}

/** v1's subscription webhook, as sent: `type` is `billing` or `status_transition`. */
export interface V1SubscriptionWebhook {
  readonly subscriptionUUID?: string | null | undefined;
  readonly subscriptionReference?: string | null | undefined;
  readonly type?: string | null | undefined;
  readonly data?: unknown;
  readonly [field: string]: unknown;
}

/** Any v1 webhook body. */
export type V1Body = V1TransactionWebhook | V1SubscriptionWebhook;

/** What v1's bodies must look like. */
export const v1Schemas = lazily(() => {
  const { flag, number, text, usd } = fieldKinds();
  const status = z.looseObject({ status: text, txHash: text, message: text, type: text });

  // A checkout session as v1 describes it, in its webhooks and when it is asked.
  const session = z.looseObject({
    uuid: text,
    reference: text,
    productId: number,
    productReference: text,
    productName: text,
    description: text,
    price: usd,
    successUrl: text,
    cancelUrl: text,
    organizationName: text,
    userName: text,
    test: flag,
    customerUUID: text,
    customerReference: text,
    txType: text,
    availableCurrencies: z.array(z.unknown()).nullish(),
    minPeriods: number,
    upgradingFromTrial: flag,
  });

  // The transaction webhook: nothing is required, what is there must have the right JSON type.
  const transactionWebhook = z.looseObject({
    uuid: text,
    txType: text,
    status: status.nullish(),
    session: session.nullish(),
    managementPageLink: text,
  });

  // The subscription webhook; `data` is looked at once `type` is known.
  const subscriptionWebhook = z.looseObject({
    subscriptionUUID: text,
    subscriptionReference: text,
    type: text,
  });

  // `data` of a `status_transition`.
  const statusTransition = z.looseObject({
    previousStatus: text,
    currentStatus: text,
    updatedAt: text,
  });

  return { session, transactionWebhook, subscriptionWebhook, statusTransition };
});
