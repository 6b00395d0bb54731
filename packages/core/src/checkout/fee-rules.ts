import { z } from 'zod';
import { centsOf } from './amounts.js';
import { oneLine, words } from './field-rules.js';

const MOST_ITEMS = 10;
const MOST_USD = 1_000_000;
const AMOUNT =
  "must be USD, more than 0 and at most 1,000,000, with at most 2 decimals: a number like 2.5 or a text like '2.50'";

const amountUsd = z.unknown().transform((given, context) => {
  const usd = centsOf(given);
  if (usd !== undefined && usd > 0 && usd <= MOST_USD) return usd;
  context.addIssue(AMOUNT);
  return z.NEVER;
});

const item = z.strictObject(
  { label: oneLine(1, 40), description: words(0, 200).optional(), amountUsd },
  'must be { label, amountUsd, description? }',
);

/** v2's `fees` of a payment. */
export const fees = z.strictObject(
  {
    processingFee: z.boolean('must be true or false').optional(),
    items: z
      .array(item, 'must be a list of { label, amountUsd, description? }')
      .max(MOST_ITEMS, `must be at most ${MOST_ITEMS}: put some of them together`)
      .optional(),
  },
  'must be { processingFee?, items? }',
);
