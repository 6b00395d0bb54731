import { z } from 'zod';
import {
  fees,
  frequency,
  name,
  ownId,
  period,
  plainWords,
  price,
  sessionId,
  trialPeriod,
  uuid,
  whole,
  words,
} from './field-rules.js';
import type { CheckoutForm, CheckoutKind, CheckoutTerms } from './params.js';

const common = {
  productReference: name.optional(),
  price: price.optional(),
  replaces: sessionId.optional(),
  // What a URL may be is said where it is completed.
  successUrl: z.string('must be a text').optional(),
  cancelUrl: z.string('must be a text').optional(),
};

const v1 = {
  productId: z.int("must be a product's number").optional(),
  productName: words(2, 100).optional(),
  description: words(2, 500).optional(),
  ...common,
  reference: name.optional(),
  customerUuid: name.optional(),
  customerReference: name.optional(),
};

const v1Terms = {
  frequency: period,
  trialPeriod: trialPeriod.optional(),
  minPeriods: whole(0).optional(),
};

const v2 = {
  productUuid: uuid('productReference').optional(),
  productName: plainWords(2, 100).optional(),
  description: plainWords(2, 500).optional(),
  ...common,
  reference: ownId.optional(),
  customerUuid: uuid('customerReference').optional(),
  customerReference: ownId.optional(),
  expiresInMinutes: whole(10, 1440).optional(),
};

const v2Payment = { ...v2, fees: fees.optional() };

const v2Subscription = (mode: CheckoutForm['mode']) => ({
  ...v2,
  frequency: frequency(mode).optional(),
  trialPeriod: trialPeriod.optional(),
  minPeriods: whole(0, 1000).optional(),
});

const fields = {
  v1: { payment: v1, subscription: { ...v1, ...v1Terms } },
  v2: { payment: v2Payment, subscription: v2Subscription(undefined) },
};

const schemas = {
  v1: {
    payment: z.strictObject(fields.v1.payment),
    subscription: z.strictObject(fields.v1.subscription),
  },
  v2: {
    payment: z.strictObject(fields.v2.payment),
    subscription: {
      live: z.strictObject(v2Subscription('live')),
      test: z.strictObject(v2Subscription('test')),
      unsaid: z.strictObject(fields.v2.subscription),
    },
  },
};

/** The rules of each field by itself; what fields mean together is checked beside. */
export function paramsSchemaOf({ generation, kind, mode }: CheckoutForm): z.ZodType<CheckoutTerms> {
  if (generation === 'v1') return schemas.v1[kind];
  return kind === 'payment' ? schemas.v2.payment : schemas.v2.subscription[mode ?? 'unsaid'];
}

/** The names that each checkout takes, for hints. */
export function paramNamesOf(
  generation: CheckoutForm['generation'],
  kind: CheckoutKind,
): readonly string[] {
  return Object.keys(fields[generation][kind]);
}
