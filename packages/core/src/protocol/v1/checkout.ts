import * as z from 'zod';
import {
  name,
  period,
  price,
  sessionId,
  trialPeriod,
  whole,
  words,
} from '../../checkout/field-rules.js';
import type { CheckoutForm, CheckoutKind, CheckoutTerms } from '../../checkout/params.js';
import { lazily } from '../../lazily.js';

/** The parameter that names a product by v1's id. */
export const PRODUCT_ID = 'productId';

const payment = lazily(() => ({
  [PRODUCT_ID]: z.int("must be a product's number").optional(),
  productName: words(2, 100).optional(),
  description: words(2, 500).optional(),
  productReference: name().optional(),
  price: price().optional(),
  replaces: sessionId().optional(),
  // What a URL may be is said where it is completed.
  successUrl: z.string('must be a text').optional(),
  cancelUrl: z.string('must be a text').optional(),
  reference: name().optional(),
  customerUuid: name().optional(),
  customerReference: name().optional(),
}));

const subscription = lazily(() => ({
  ...payment(),
  frequency: period(),
  trialPeriod: trialPeriod().optional(),
  minPeriods: whole(0).optional(),
}));

const schemas = lazily(() => ({
  payment: z.strictObject(payment()),
  subscription: z.strictObject(subscription()),
}));

/** The rules of v1 for each parameter. */
export function v1ParamsSchema({ kind }: CheckoutForm): z.ZodType<CheckoutTerms> {
  return schemas()[kind];
}

/** The parameters that v1 takes. */
export function v1ParamNames(kind: CheckoutKind): readonly string[] {
  return Object.keys(kind === 'payment' ? payment() : subscription());
}

/** What v1's create takes. Fields without a value are left out of the JSON. */
export function createBodyV1(terms: CheckoutTerms): object {
  return {
    productId: terms.productId,
    productReference: terms.productReference,
    productName: terms.productName,
    description: terms.description,
    price: terms.price,
    reference: terms.reference,
    successUrl: terms.successUrl,
    cancelUrl: terms.cancelUrl,
    customerUUID: terms.customerUuid,
    customerReference: terms.customerReference,
    frequency: terms.frequency,
    // v1 knows no other way to say that there is none.
    trialPeriod: terms.trialPeriod?.value === 0 ? undefined : terms.trialPeriod,
    minPeriods: terms.minPeriods,
  };
}
