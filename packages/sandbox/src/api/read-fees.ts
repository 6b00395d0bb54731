import type { SessionFee, SessionFees } from '../state/terms.js';
import { ONE_LINE, type Fields } from './read-request.js';

const MOST_ITEMS = 10;
const MOST_USD = 1_000_000;
/** Up to seven digits, two of them behind the point. */
const AMOUNT = /^\d{1,7}(\.\d{1,2})?$/;

/** Reads a payment's `fees`. The sandbox's dashboard says that the customer bears no processing fee. */
export function readFees(fields: Fields): SessionFees | undefined {
  const fees = fields.object('fees', '{ processingFee, items }');
  if (fees === undefined) return undefined;
  const items = fees.list('items', MOST_ITEMS, '{ label, description, amountUsd }');
  return {
    processingFee: fees.flag('processingFee') === true,
    items: items.map(readItem).filter((item) => item !== undefined),
  };
}

function readItem(item: Fields): SessionFee | undefined {
  item.demand('label', 'amountUsd');
  const label = item.text('label', { ...ONE_LINE, min: 1, max: 40 });
  const description = item.text('description', { max: 200 });
  const amountUsd = feeUsdOf(item.raw('amountUsd'));
  if (amountUsd === undefined && item.has('amountUsd'))
    item.reject('amountUsd', 'must be more than 0, at most 1000000, with up to 2 decimals');
  return label === undefined || amountUsd === undefined
    ? undefined
    : { label, description, amountUsd };
}

/** Numbers are taken as JSON writes them, so that 0.30000000000000004 has too many decimals. */
function feeUsdOf(amount: unknown): number | undefined {
  if (typeof amount !== 'string' && typeof amount !== 'number') return undefined;
  const usd = AMOUNT.test(String(amount)) ? Number(amount) : 0;
  return usd > 0 && usd <= MOST_USD ? usd : undefined;
}
