import { z } from 'zod';
import type { ApiGeneration } from '../api/client.js';
import type { CheckoutKind, CheckoutTerms } from './params.js';

const V1_UNITS = ['seconds', 'minutes', 'hours', 'days', 'weeks', 'months'] as const;
const V2_UNITS = [...V1_UNITS, 'years'] as const;

/** Counts code points: an emoji of one is one character. */
function words(min: number, max: number): z.ZodType<string> {
  return z.string('must be a text').refine((text) => {
    const { length } = Array.from(text);
    return length >= min && length <= max;
  }, `must be ${min} to ${max} characters long`);
}

function whole(min: number, max = Number.MAX_SAFE_INTEGER): z.ZodType<number> {
  const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `${min} to ${max}`;
  return z
    .number(`must be a whole number, ${range}`)
    .refine(
      (value) => Number.isSafeInteger(value) && value >= min && value <= max,
      `must be a whole number, ${range}`,
    );
}

function period<Unit extends string>(units: readonly [Unit, ...Unit[]]) {
  const message = `must be { value, unit }: a whole value of 1 or more, and a unit of ${units.join(', ')}`;
  return z.strictObject(
    { value: whole(1), unit: z.enum(units, `must be one of ${units.join(', ')}`) },
    message,
  );
}

const name = z.string('must be a text').min(1, 'must not be empty');

const common = {
  productReference: name.optional(),
  productName: words(2, 100).optional(),
  price: z.number('must be a number of USD').positive('must be more than 0').optional(),
  // What a URL may be is said where it is built.
  successUrl: z.string('must be a text').optional(),
  cancelUrl: z.string('must be a text').optional(),
  customerUuid: name.optional(),
  customerReference: name.optional(),
};

const v1 = {
  ...common,
  productId: z.int("must be a product's number").optional(),
  description: words(2, 500).optional(),
  reference: name.optional(),
};

const v2 = {
  ...common,
  productUuid: name.optional(),
  description: words(0, 500).optional(),
  reference: z
    .string('must be a text')
    .regex(/^[A-Za-z0-9._:@-]{1,100}$/, 'must be 1 to 100 of A-Z a-z 0-9 . _ : @ -')
    .optional(),
  expiresInMinutes: whole(10, 1440).optional(),
};

const v1Terms = {
  frequency: period(V1_UNITS),
  trialPeriod: period(V1_UNITS).optional(),
  minPeriods: whole(1).optional(),
};

const v2Terms = {
  frequency: period(V2_UNITS).optional(),
  trialPeriod: period(V2_UNITS).optional(),
  minPeriods: whole(1, 1000).optional(),
};

/** The rules of protocol §1 for each field by itself; what fields mean together is checked beside. */
export const paramsSchemas: Readonly<
  Record<ApiGeneration, Readonly<Record<CheckoutKind, z.ZodType<CheckoutTerms>>>>
> = {
  v1: { payment: z.strictObject(v1), subscription: z.strictObject({ ...v1, ...v1Terms }) },
  v2: { payment: z.strictObject(v2), subscription: z.strictObject({ ...v2, ...v2Terms }) },
};

/** The names each checkout takes, for hints. */
export const paramNames: Readonly<
  Record<ApiGeneration, Readonly<Record<CheckoutKind, readonly string[]>>>
> = {
  v1: { payment: Object.keys(v1), subscription: Object.keys({ ...v1, ...v1Terms }) },
  v2: { payment: Object.keys(v2), subscription: Object.keys({ ...v2, ...v2Terms }) },
};
