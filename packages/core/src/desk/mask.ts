import { markup, type Markup } from './markup.js';

/**
 * What of a delivery's body is known to tell nothing about a person, by where it stands. Everything else is masked:
 * names, addresses, customers, notes, links with a secret in them, and whatever field QBitFlow adds tomorrow.
 */
type Harmless = { readonly [name: string]: true | Harmless };

const AMOUNTS: Harmless = {
  platform: true,
  organization: true,
  referral: true,
  merchant: true,
  networkFee: true,
};
const MAIN_CURRENCY: Harmless = { id: true, name: true, symbol: true, decimals: true, test: true };
const CURRENCY: Harmless = { ...MAIN_CURRENCY, mainCurrencyId: true, mainCurrency: MAIN_CURRENCY };
const PERIOD: Harmless = { value: true, unit: true };

/** Of payments, bills and subscriptions, of refunds and transfers, of sessions: the names mean the same in all of them. */
const DATA: Harmless = {
  uuid: true,
  txUuid: true,
  billUuid: true,
  subscriptionUuid: true,
  productUuid: true,
  productId: true,
  productReference: true,
  productName: true,
  endpointUuid: true,
  invitationUuid: true,
  reference: true,
  subscriptionReference: true,
  createdAt: true,
  updatedAt: true,
  confirmedAt: true,
  checkoutOpenedAt: true,
  expiresAt: true,
  respondedAt: true,
  joinedAt: true,
  trustedAt: true,
  periodStart: true,
  periodEnd: true,
  currentPeriodEnd: true,
  lastBillingDate: true,
  nextBillingDate: true,
  billingDate: true,
  nextAttemptAt: true,
  cancelledAt: true,
  minimumCancellationDate: true,
  amount: true,
  amountUsd: true,
  amountMinUnits: true,
  paidMinUnits: true,
  paidUsd: true,
  price: true,
  priceUsd: true,
  allowance: true,
  maxAmountPerPeriod: true,
  refundPercent: true,
  organizationFeePercent: true,
  feeBps: true,
  organizationFeeBps: true,
  currencyId: true,
  acceptedCurrencyIds: true,
  availableCurrencyIds: true,
  availableCurrencies: CURRENCY,
  currency: CURRENCY,
  chain: true,
  explorerUrl: true,
  txHash: true,
  transactionHash: true,
  subscriptionHash: true,
  test: true,
  type: true,
  txType: true,
  status: true,
  previousStatus: true,
  currentStatus: true,
  subscriptionStatus: true,
  actionRequired: true,
  previousActionRequired: true,
  failureCode: true,
  attempt: true,
  remainingAttempts: true,
  trialEnding: true,
  balanceSufficient: true,
  allowanceSufficient: true,
  upgradingFromTrial: true,
  received: true,
  held: true,
  initiatedBy: true,
  minPeriods: true,
  frequency: PERIOD,
  trialPeriod: PERIOD,
  fees: { type: true, amountUsd: true },
  lastAttempt: { status: true, code: true, at: true, txHash: true },
  metadata: {
    feePercent: true,
    txMetadata: {
      networkFees: { amount: true, unitsConsumed: true, l1Fee: true },
      blockData: { number: true, timestamp: true },
      mainCurrencyPriceUsd: true,
    },
    txAmounts: { usd: AMOUNTS, minUnits: AMOUNTS },
  },
};

const BODY: Harmless = {
  id: true,
  type: true,
  version: true,
  createdAt: true,
  test: true,
  data: DATA,
  uuid: true,
  txType: true,
  subscriptionUUID: true,
  subscriptionReference: true,
  status: { status: true, type: true, txHash: true },
  session: DATA,
};

const MASK = '••••';
const DEEPEST = 40;
const LONGEST = 200_000;
const EMAIL = /[^\s@<>"'(),:;]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/g;

/** A text in which e-mail addresses are masked. An id like `pay@…` has no dot, and is none. */
export function maskEmails(text: string): string {
  return text.replace(EMAIL, MASK);
}

/** A body for people to read, and what of it is missing. */
export interface ShownBody {
  readonly shown: Markup;
  readonly masked: number;
  readonly isCut: boolean;
}

/** A parsed body, indented, with what may be personal masked unless it is revealed. */
export function showBody(value: unknown, revealed: boolean): ShownBody {
  const parts: Markup[] = [];
  let [masked, length] = [0, 0];

  function put(part: Markup): void {
    if (length > LONGEST) return;
    length += part.text.length;
    parts.push(part);
  }

  function leaf(given: unknown, known: boolean): void {
    const text = JSON.stringify(given) ?? 'null';
    const isPlain = given === null || typeof given === 'boolean';
    const isHarmless = revealed || (known ? maskEmails(text) === text : isPlain);
    if (isHarmless)
      put(markup`<span class="${typeof given === 'string' ? 's' : 'n'}">${text}</span>`);
    else {
      masked += 1;
      put(markup`<span class="masked">${MASK}</span>`);
    }
  }

  function inside(
    entries: readonly (readonly [string | undefined, unknown])[],
    known: true | Harmless | undefined,
    depth: number,
  ): void {
    const indent = '  '.repeat(depth + 1);
    entries.forEach(([name, child], index) => {
      if (length > LONGEST) return;
      put(markup`${index === 0 ? '\n' : ',\n'}${indent}`);
      if (name !== undefined) put(markup`<span class="k">${JSON.stringify(name)}</span>: `);
      walk(child, name === undefined ? known : below(known, name), depth + 1);
    });
    if (entries.length > 0) put(markup`\n${'  '.repeat(depth)}`);
  }

  function walk(given: unknown, known: true | Harmless | undefined, depth: number): void {
    if (typeof given !== 'object' || given === null) leaf(given, known === true);
    else if (depth >= DEEPEST) put(markup`…`);
    else if (Array.isArray(given)) {
      put(markup`[`);
      inside(
        given.map((child: unknown) => [undefined, child] as const),
        known,
        depth,
      );
      put(markup`]`);
    } else {
      put(markup`{`);
      inside(Object.entries(given), known, depth);
      put(markup`}`);
    }
  }

  walk(value, BODY, 0);
  return { shown: markup`${parts}`, masked, isCut: length > LONGEST };
}

function below(known: true | Harmless | undefined, name: string): true | Harmless | undefined {
  if (known === undefined || known === true || !Object.hasOwn(known, name)) return undefined;
  return known[name];
}
