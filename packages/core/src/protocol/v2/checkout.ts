import * as z from 'zod';
import type { FieldError } from '../../api/api-error.js';
import {
  canonicalPrice,
  centsOf,
  fees,
  frequency,
  ownId,
  name,
  plainWords,
  price,
  sessionId,
  sumOf,
  trialPeriod,
  uuid,
  whole,
} from '../../checkout/field-rules.js';
import type { CheckoutForm, CheckoutKind, CheckoutTerms, FeeTerms } from '../../checkout/params.js';
import { lazily } from '../../lazily.js';

/** The parameter that names a product by v2's id. */
export const PRODUCT_ID = 'productUuid';

/** Characters of a return URL, placeholders included. */
export const LONGEST_RETURN_URL = 2_048;

const common = lazily(() => ({
  [PRODUCT_ID]: uuid('productReference').optional(),
  productName: plainWords(2, 100).optional(),
  description: plainWords(2, 500).optional(),
  productReference: name().optional(),
  price: price().optional(),
  replaces: sessionId().optional(),
  // What a URL may be is said where it is completed.
  successUrl: z.string('must be a text').optional(),
  cancelUrl: z.string('must be a text').optional(),
  reference: ownId().optional(),
  customerUuid: uuid('customerReference').optional(),
  customerReference: ownId().optional(),
  expiresInMinutes: whole(10, 1440).optional(),
}));

const payment = lazily(() => ({ ...common(), fees: fees().optional() }));

const subscription = (mode: CheckoutForm['mode']) => ({
  ...common(),
  frequency: frequency(mode).optional(),
  trialPeriod: trialPeriod().optional(),
  minPeriods: whole(0, 1000).optional(),
});

const schemas = lazily(() => ({
  payment: z.strictObject(payment()),
  subscription: {
    live: z.strictObject(subscription('live')),
    test: z.strictObject(subscription('test')),
    unsaid: z.strictObject(subscription(undefined)),
  },
}));

/** The rules of v2 for each parameter. */
export function v2ParamsSchema({ kind, mode }: CheckoutForm): z.ZodType<CheckoutTerms> {
  const { payment: ofPayment, subscription: ofSubscription } = schemas();
  return kind === 'payment' ? ofPayment : ofSubscription[mode ?? 'unsaid'];
}

/** The parameters that v2 takes. */
export function v2ParamNames(kind: CheckoutKind): readonly string[] {
  return Object.keys(kind === 'payment' ? payment() : subscription(undefined));
}

/** What v2's test mode takes for a price and its fees, in USD. */
const TEST_CAP_USD = 5;

/** What is wrong with the total, which test mode caps. An amount that is none is told of by itself. */
export function v2TotalFaults(
  given: Readonly<Record<string, unknown>>,
  mode: CheckoutForm['mode'],
): readonly FieldError[] {
  const { price: asked } = given;
  if (mode !== 'test' || typeof asked !== 'number') return [];
  const amounts = feeAmountsIn(given).map((fee) => centsOf(fee) ?? 0);
  if (!Number.isFinite(asked) || sumOf([canonicalPrice(asked), ...amounts]) <= TEST_CAP_USD)
    return [];
  const what = amounts.length === 0 ? 'must be at most' : 'and its fees must together be at most';
  return [{ field: 'price', message: `${what} ${TEST_CAP_USD} USD in QBitFlow's test mode` }];
}

function feeAmountsIn(given: Readonly<Record<string, unknown>>): readonly unknown[] {
  const { items } = Object(given['fees']);
  return Array.isArray(items) ? items.map((item) => Object(item)['amountUsd']) : [];
}

/** What v2's create takes. Fields without a value are left out of the JSON. */
export function createBodyV2(terms: CheckoutTerms): object {
  return {
    productUuid: terms.productUuid,
    productReference: terms.productReference,
    productName: terms.productName,
    description: terms.description,
    price: terms.price,
    fees: feesOf(terms.fees),
    reference: terms.reference,
    successUrl: terms.successUrl,
    cancelUrl: terms.cancelUrl,
    customerUuid: terms.customerUuid,
    customerReference: terms.customerReference,
    expiresInMinutes: terms.expiresInMinutes,
    frequency: terms.frequency,
    trialPeriod: terms.trialPeriod,
    minPeriods: terms.minPeriods,
  };
}

/** No fees said in two ways are the same terms. */
function feesOf({ processingFee, items = [] }: FeeTerms = {}): object | undefined {
  if (processingFee === undefined && items.length === 0) return undefined;
  return { processingFee, items: items.length === 0 ? undefined : items };
}
