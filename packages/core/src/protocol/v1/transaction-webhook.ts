import type {
  ExpiredCheckout,
  Payment,
  Period,
  Subscription,
  TransactionUpdate,
} from '../../event/data.js';
import { canonicalId, prefixOf } from '../../event/keys.js';
import { isJsonObject } from '../json-object.js';
import { present, type Reading } from './reading.js';
import type { V1Session, V1TransactionWebhook } from './schemas.js';
import { periodOf } from './subscription.js';

/** A transaction webhook's news, with the transaction's type wherever its server puts it. */
interface Transaction {
  readonly body: V1TransactionWebhook;
  readonly session: V1Session;
  readonly uuid: string;
  readonly txType: string | null | undefined;
}

/** Maps v1's transaction webhook: completion and expiry have v2 events, all else is `transaction.updated`. */
export function readTransactionWebhook(body: V1TransactionWebhook): Reading {
  const session = body.session ?? {};
  const uuid = body.uuid ?? session.uuid ?? '';
  // SDK 1.x servers name the type in the status; `||` because servers of both ages also send ''.
  const txType = body.txType || body.status?.type || session.txType;
  const transaction = { body, session, uuid, txType };
  const test = session.test ?? undefined;
  const status = body.status?.status;
  if (status === 'completed' && txType === 'payment')
    return { type: 'payment.completed', data: payment(transaction), test };
  if (status === 'completed' && txType === 'createSubscription')
    return { type: 'subscription.created', data: subscription(transaction), test };
  if (status === 'expired') return { type: 'checkout.expired', data: expired(transaction), test };
  const prefix = `${canonicalId(prefixOf(txType), uuid)}:${status ?? ''}`;
  return { type: 'transaction.updated', data: update(transaction), test, prefix };
}

function payment({ body, session, uuid }: Transaction): Payment {
  return present({
    uuid,
    reference: session.reference,
    name: session.productName,
    description: session.description,
    price: session.price,
    txHash: body.status?.txHash,
    test: session.test,
    customerUuid: session.customerUUID,
    customerReference: session.customerReference,
    managementPageLink: body.managementPageLink,
  });
}

function subscription({ body, session, uuid }: Transaction): Subscription {
  return present({
    uuid,
    reference: session.reference,
    name: session.productName,
    description: session.description,
    priceUsd: decimalText(session.price),
    frequency: termsOf(session).frequency,
    txHash: body.status?.txHash,
    test: session.test,
    customerUuid: session.customerUUID,
    customerReference: session.customerReference,
    managementPageLink: body.managementPageLink,
  });
}

function expired({ session, uuid, txType }: Transaction): ExpiredCheckout {
  return present({
    uuid,
    reference: session.reference,
    productReference: session.productReference,
    productName: session.productName,
    description: session.description,
    price: session.price,
    successUrl: session.successUrl,
    cancelUrl: session.cancelUrl,
    organizationName: session.organizationName,
    userName: session.userName,
    test: session.test,
    txType,
    availableCurrencyIds: currencyIds(session.availableCurrencies),
    ...termsOf(session),
    upgradingFromTrial: session.upgradingFromTrial,
    customerUuid: session.customerUUID,
    customerReference: session.customerReference,
  });
}

function update({ body, session, uuid, txType }: Transaction): TransactionUpdate {
  return present({
    uuid,
    txType,
    status: body.status?.status,
    txHash: body.status?.txHash,
    message: body.status?.message,
    reference: session.reference,
    customerUuid: session.customerUUID,
    customerReference: session.customerReference,
    managementPageLink: body.managementPageLink,
  });
}

/** v2 gives a subscription's price as decimal text. */
function decimalText(price: number | null | undefined): string | null | undefined {
  return typeof price === 'number' ? String(price) : price;
}

/** A subscription's terms; SDK 1.x servers have them under `options`. */
function termsOf(session: V1Session): {
  readonly frequency: Period | undefined;
  readonly trialPeriod: Period | undefined;
  readonly minPeriods: number | null | undefined;
} {
  const options = isJsonObject(session['options']) ? session['options'] : {};
  const { minPeriods } = options;
  return {
    frequency: periodOf(session.frequency ?? options['frequency']),
    trialPeriod: periodOf(session.trialPeriod ?? options['trialPeriod']),
    minPeriods: session.minPeriods ?? (typeof minPeriods === 'number' ? minPeriods : undefined),
  };
}

/** Ids, or whole currencies on old servers. */
function currencyIds(sent: readonly unknown[] | null | undefined): number[] | undefined {
  return sent
    ?.map((currency) => (isJsonObject(currency) ? currency['id'] : currency))
    .filter((id) => typeof id === 'number');
}
