import type { SessionFee, SessionFees } from '../../state/session.js';
import type { JsonObject } from '../../wire/cast.js';
import { type Fields, readFields } from '../fields.js';

const MOST_ITEMS = 10;
const MOST_USD = 1_000_000;
/** Up to seven digits, two of them behind the point. */
const AMOUNT = /^\d{1,7}(\.\d{1,2})?$/;

/** Reads a payment's `fees`; what is wrong with them is gathered in `fields` under dotted names. */
export function readFees(body: JsonObject, fields: Fields): SessionFees | undefined {
  const { fees } = body;
  if (fees === undefined || fees === null) return undefined;
  if (typeof fees !== 'object' || Array.isArray(fees))
    return fields.refuse('fees', 'must be { processingFee, items }');
  const { processingFee, items = [] }: JsonObject = { ...fees };
  if (processingFee !== undefined && typeof processingFee !== 'boolean')
    fields.refuse('fees.processingFee', 'must be true or false');
  if (!Array.isArray(items) || items.length > MOST_ITEMS)
    return fields.refuse('fees.items', `must be a list of up to ${MOST_ITEMS}`);
  const read = items.map((item: unknown, index) => readItem(item, `fees.items.${index}`, fields));
  return {
    processingFee: processingFee === true,
    items: read.filter((item) => item !== undefined),
  };
}

function readItem(item: unknown, name: string, fields: Fields): SessionFee | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    return fields.refuse(name, 'must be { label, description, amountUsd }');
  const given: JsonObject = { ...item };
  const inner = readFields(given);
  const line = { pattern: /^[^\p{Cc}\u2028\u2029]*$/u, hint: 'one line' };
  const label = inner.text('label', { ...line, min: 1, max: 40 });
  if (!inner.has('label')) inner.refuse('label', 'is required');
  const description = inner.text('description', { max: 200 });
  const amountUsd = amountOf(given['amountUsd']);
  if (amountUsd === undefined)
    inner.refuse('amountUsd', 'must be more than 0, at most 1000000, with up to 2 decimals');
  for (const { field, message } of inner.errors) fields.refuse(`${name}.${field}`, message);
  if (inner.errors.length > 0 || label === undefined || amountUsd === undefined) return undefined;
  return { label, description, amountUsd };
}

/** Numbers are taken as JSON writes them, so that 0.30000000000000004 has too many decimals. */
function amountOf(amount: unknown): number | undefined {
  if (typeof amount !== 'string' && typeof amount !== 'number') return undefined;
  const usd = AMOUNT.test(String(amount)) ? Number(amount) : 0;
  return usd > 0 && usd <= MOST_USD ? usd : undefined;
}
