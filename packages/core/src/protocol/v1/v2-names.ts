import type { Period } from '../../event/data.js';
import { isJsonObject, type JsonObject } from '../json.js';

/** `sent` under other names. A name that is there already wins over the old one for the same field. */
export function rename(sent: JsonObject, names: ReadonlyMap<string, string>): JsonObject {
  return Object.fromEntries(
    Object.entries(sent).flatMap(([name, value]) => {
      const ours = names.get(name) ?? name;
      return ours !== name && Object.hasOwn(sent, ours) ? [] : [[ours, value]];
    }),
  );
}

/** What one of v1's statuses is called by v2, which tells apart how a subscription stands and what its customer has to do. */
export interface StatusInV2 {
  readonly status: string;
  readonly actionRequired?: string;
}

const WORDS: ReadonlyMap<string, StatusInV2> = new Map([
  ['past_due', { status: 'pastDue' }],
  ['trial_expired', { status: 'trialExpired' }],
  // Not statuses of v2: the subscription is active, and will be past due unless its customer does something.
  ['low_on_funds', { status: 'active', actionRequired: 'topUpAllowance' }],
  ['pending', { status: 'active', actionRequired: 'raiseMaximum' }],
]);

/** A status of v1's in v2's words; one newer than this kit stays as sent. */
export function wordOf(status: string): StatusInV2 {
  return WORDS.get(status) ?? { status };
}

/** v1's names of what payments, bills and subscriptions have in common, where v2 has others. */
export const COMMON_NAMES: ReadonlyMap<string, string> = new Map([
  ['transactionHash', 'txHash'],
  ['customerUUID', 'customerUuid'],
  ['productUUID', 'productUuid'],
  ['subscriptionUUID', 'subscriptionUuid'],
  ['userUUID', 'userUuid'],
]);

const TX_METADATA_NAMES: ReadonlyMap<string, string> = new Map([
  ['mainCurrencyPriceUSD', 'mainCurrencyPriceUsd'],
]);

/** v1's bill under v2's names and types. */
export function billInV2(sent: JsonObject): JsonObject {
  const bill = withMetadata(rename(sent, COMMON_NAMES));
  const status = bill['subscriptionStatus'];
  return typeof status === 'string' ? { ...bill, subscriptionStatus: wordOf(status).status } : bill;
}

/** The metadata of a payment or bill under v2's names and types. */
export function withMetadata(fields: JsonObject): JsonObject {
  return changed(fields, 'metadata', (metadata) => {
    const ours = changed(withPercent(metadata), 'organizationFee', withPercent);
    const both = changed(ours, 'referralFee', withPercent);
    return changed(both, 'txMetadata', (details) => rename(details, TX_METADATA_NAMES));
  });
}

/** v1 counts fees in hundredths of a percent: 150 are 1.5 %. */
function withPercent(fees: JsonObject): JsonObject {
  const { feeBps, ...others } = fees;
  if (typeof feeBps !== 'number') return fees;
  return { ...others, feePercent: others['feePercent'] ?? feeBps / 100 };
}

/** `fields` with one of them, which is an object, made anew. */
function changed(
  fields: JsonObject,
  name: string,
  make: (inner: JsonObject) => JsonObject,
): JsonObject {
  const inner = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return isJsonObject(inner) ? { ...fields, [name]: make(inner) } : fields;
}

/** v1 counts periods in seconds; some servers send `{ value, unit }` already. */
export function periodOf(sent: unknown): Period | undefined {
  if (typeof sent === 'number') return { value: sent, unit: 'seconds' };
  if (!isJsonObject(sent) || typeof sent['value'] !== 'number' || typeof sent['unit'] !== 'string')
    return undefined;
  return { ...sent, value: sent['value'], unit: sent['unit'] };
}
