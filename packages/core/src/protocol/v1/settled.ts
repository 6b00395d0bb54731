import { isJsonObject, type JsonObject } from '../json-object.js';
import { rename } from './rename.js';
import { wordOf } from './subscription-status.js';

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

/** v1's payment under v2's names and types; what v2 does not know stays as it is (`productId`). */
export function paymentInV2(sent: JsonObject): JsonObject {
  return withMetadata(rename(sent, COMMON_NAMES));
}

/** v1's bill under v2's names and types. */
export function billInV2(sent: JsonObject): JsonObject {
  const bill = withMetadata(rename(sent, COMMON_NAMES));
  const status = bill['subscriptionStatus'];
  return typeof status === 'string' ? { ...bill, subscriptionStatus: wordOf(status).status } : bill;
}

function withMetadata(fields: JsonObject): JsonObject {
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
