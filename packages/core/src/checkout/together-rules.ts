import type { FieldError } from '../api/api-error.js';
import { canonicalPrice, centsOf, sumOf } from './amounts.js';
import type { CheckoutForm } from './checkout-form.js';

/** Parameters as a merchant gave them, those that are `undefined` left out. */
export type Given = Readonly<Record<string, unknown>>;

/** What v2's test mode takes for a price and its fees, in USD. */
const TEST_CAP_USD = 5;

/** What is wrong with the choice of a product, which has exactly one of three forms. */
export function productFaults(given: Given, { generation }: CheckoutForm): readonly FieldError[] {
  const idField = generation === 'v1' ? 'productId' : 'productUuid';
  const has = (field: string): boolean => field in given;
  const isInline = has('productName') || has('price');
  // The other generation's id is refused as a field already: it shall not look as if no product was given.
  const isKnown = has('productId') || has('productUuid');
  const forms = [isKnown, has('productReference'), isInline].filter(Boolean).length;
  if (isInline && forms === 1) return missing(given, generation);
  const faults: FieldError[] = [];
  if (forms !== 1) {
    const message = `must be the only product: give exactly one of ${idField}, productReference, or productName with price`;
    faults.push({ field: idField, message });
  }
  if (has('description') && !isInline) faults.push({ field: 'description', message: OWN_WORDS });
  return faults;
}

const OWN_WORDS =
  'goes with productName and price only: QBitFlow has its own of a product it knows, so leave it out';

function missing(given: Given, generation: CheckoutForm['generation']): readonly FieldError[] {
  const wanted =
    generation === 'v1' ? ['productName', 'price', 'description'] : ['productName', 'price'];
  const names = `${wanted.slice(0, -1).join(', ')} and ${wanted.at(-1) ?? ''}`;
  const message = `is missing: a product described here needs ${names}`;
  return wanted.filter((field) => !(field in given)).map((field) => ({ field, message }));
}

/** What is wrong with the customer, who is named once. */
export function customerFaults(given: Given): readonly FieldError[] {
  if (!('customerUuid' in given && 'customerReference' in given)) return [];
  const message = 'names the customer a second time: give it or customerUuid, not both';
  return [{ field: 'customerReference', message }];
}

/** What is wrong with the total, which test mode caps. An amount that is none is told of by itself. */
export function capFaults(given: Given, { generation, mode }: CheckoutForm): readonly FieldError[] {
  const { price } = given;
  if (generation !== 'v2' || mode !== 'test' || typeof price !== 'number') return [];
  const fees = feesOf(given).map((fee) => centsOf(fee) ?? 0);
  if (!Number.isFinite(price) || sumOf([canonicalPrice(price), ...fees]) <= TEST_CAP_USD) return [];
  const what = fees.length === 0 ? 'must be at most' : 'and its fees must together be at most';
  return [{ field: 'price', message: `${what} ${TEST_CAP_USD} USD in QBitFlow's test mode` }];
}

function feesOf(given: Given): readonly unknown[] {
  const { items } = Object(given['fees']);
  return Array.isArray(items) ? items.map((item) => Object(item)['amountUsd']) : [];
}
