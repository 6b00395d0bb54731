import { ASKING_LINES } from '../asking-lines.js';
import type { ApiClient } from '../api/client.js';
import { getTransaction, type TransactionStatusReport } from '../api/transactions.js';
import { isSpellingOf, nameOfId } from '../api/transaction-ids.js';
import { sleep } from '../clock.js';
import { asError } from '../errors.js';
import type { Period } from '../event/data.js';
import { keyOfPayment, keyOfSubscription } from '../event/keys.js';
import { apiRulesOf } from '../protocol/api-rules.js';
import { isJsonObject } from '../protocol/json.js';
import { createRotatingMap } from '../rotating-map.js';
import type { Runtime } from '../runtime.js';
import { meaningOf } from '../status/transaction-status.js';
import { parseEvent } from '../webhook/parse-event.js';
import { decimalText, fromMinUnits, readDecimal } from './words/decimal.js';

/** What a page may show of a purchase. No customer data: no wallet, no name, no id of a customer. */
export interface PurchaseDetails {
  readonly product?: string | undefined;
  /** USD without fees, with every digit and at least the cents: `4.50`, `0.000001`. Of a subscription for each period. */
  readonly price?: string | undefined;
  /** USD that were paid, fees included. */
  readonly amount?: string | undefined;
  /** The merchant's order id. */
  readonly reference?: string | undefined;
  /** When it was paid, RFC 3339 as the API sent it. */
  readonly paidAt?: string | undefined;
  /** What was paid in the chain's currency: a decimal and the currency's symbol. */
  readonly paidWith?: { readonly amount: string; readonly symbol: string } | undefined;
  /** The chain's name, e.g. `Ethereum`. */
  readonly network?: string | undefined;
  readonly txHash?: string | undefined;
  /** An http(s) URL of the chain's explorer. */
  readonly explorerUrl?: string | undefined;
  /** `true`: no real money. */
  readonly test?: boolean | undefined;
  /** Of a subscription: how often is paid. */
  readonly period?: Period | undefined;
  /** Of a subscription that has not begun: how long its free trial is. */
  readonly trialPeriod?: Period | undefined;
  /** Of a subscription in its trial: when that ends, RFC 3339. */
  readonly trialEndsAt?: string | undefined;
  /** Of a subscription: when is paid next, RFC 3339. */
  readonly nextBillAt?: string | undefined;
  /** Where the customer manages it, an http(s) URL: known once its webhook has come. */
  readonly manageUrl?: string | undefined;
  /** The checkout's hosted page, an http(s) URL, where this process has opened it. */
  readonly checkoutUrl?: string | undefined;
}

/** What a checkout sells, as far as a page shows it. */
export interface SoldTerms {
  readonly productName?: string | undefined;
  /** USD. */
  readonly price?: number | undefined;
  readonly reference?: string | undefined;
  /** Periods, as they were checked. */
  readonly frequency?: object | undefined;
  readonly trialPeriod?: object | undefined;
}

/** What was found of a purchase in time; `pending`: more may be known in a moment. */
export interface FoundDetails {
  readonly details: PurchaseDetails;
  readonly pending: boolean;
}

/** What a page can know of purchases. */
export interface Details {
  /** What is known within `patienceMs` (ms; default and at most 1,500): a page never waits long for decoration. Never rejects. */
  of(report: TransactionStatusReport, patienceMs?: number): Promise<FoundDetails>;
  /** Remembers what a session opened by this process sells: v2's API does not tell before it is paid. */
  readonly rememberCheckout: (
    session: { readonly uuid: string; readonly link?: string | undefined },
    terms: SoldTerms,
  ) => void;
}

const PATIENCE_MS = 1_500;
const REMEMBERED = 10_000;
/** How long the API is not asked again about a purchase of which it said nothing, in ms. */
const ASKED_AGAIN_AFTER_MS = 10_000;
/** The store is ours and near, but a page may be loaded again and again. */
const LINK_AGAIN_AFTER_MS = 1_000;
const NOTHING: PurchaseDetails = Object.freeze({});

/** What the API was asked, and until when (ms since 1970) its answer stands. */
interface Question {
  readonly answer: Promise<PurchaseDetails>;
  until: number;
}

/**
 * Details of one kit, read from `api`. A completed transaction's are asked for until the API tells them, and then never
 * again; before that only v1 tells any.
 */
export function createDetails(runtime: Runtime, api: ApiClient): Details {
  const { clock, diagnostics } = runtime;
  const opened = createRotatingMap<PurchaseDetails>(REMEMBERED);
  const asked = createRotatingMap<Question>(REMEMBERED);
  const links = createRotatingMap<Question>(REMEMBERED);

  async function ask(report: TransactionStatusReport): Promise<PurchaseDetails> {
    const isPaid = meaningOf(report).state === 'paid';
    const key = `${isPaid} ${report.uuid}`;
    const known = asked.get(key);
    if (known !== undefined && clock.now() < known.until) return known.answer;
    const found = isPaid ? fromTransaction(api, report) : fromSession(api, report);
    const answer = found.catch((thrown: unknown) => {
      diagnostics.say(ASKING_LINES, 'no_details', { uuid: report.uuid, err: asError(thrown) });
      return NOTHING;
    });
    const question = { answer, until: Infinity };
    asked.set(key, question);
    // A failure, or an answer that came too early, must not be the last word; nor is it asked with every look.
    if (Object.keys(await answer).length === 0) question.until = clock.now() + ASKED_AGAIN_AFTER_MS;
    return answer;
  }

  /** The link that only webhooks carry; it is looked for until one has come. */
  async function manageLink(report: TransactionStatusReport): Promise<PurchaseDetails> {
    if (meaningOf(report).state !== 'paid') return NOTHING;
    const known = links.get(report.uuid);
    if (known !== undefined && clock.now() < known.until) return known.answer;
    const answer = linkInStore(runtime, report).catch(() => NOTHING);
    const question = { answer, until: Infinity };
    links.set(report.uuid, question);
    if (Object.keys(await answer).length === 0) question.until = clock.now() + LINK_AGAIN_AFTER_MS;
    return answer;
  }

  return {
    async of(report, patienceMs = PATIENCE_MS) {
      const done = new AbortController();
      const patience = Math.min(Math.max(patienceMs, 0), PATIENCE_MS);
      const asking = Promise.all([ask(report), manageLink(report)]);
      const found = await Promise.race([asking, sleep(clock, patience, done.signal)]);
      done.abort();
      const seen = textsOf({ txHash: report.txHash });
      const known = { ...seen, ...opened.get(nameOfId(report.uuid)) };
      return { details: Object.assign(known, ...(found ?? [])), pending: found === undefined };
    },
    rememberCheckout({ uuid, link }, terms) {
      const { productName: product, price, reference, frequency, trialPeriod } = terms;
      const sold = { product, price, reference, frequency, trialPeriod, checkoutUrl: link };
      opened.set(nameOfId(uuid), detailsOf(sold));
    },
  };
}

async function fromTransaction(
  api: ApiClient,
  { uuid }: TransactionStatusReport,
): Promise<PurchaseDetails> {
  const found = await getTransaction(api, { uuid }, { maxRetries: 0 });
  if (found === undefined) return NOTHING;
  const { kind, data } = found;
  // What another customer bought must not be shown.
  if (typeof data['uuid'] === 'string' && !isSpellingOf(uuid, data['uuid'])) return NOTHING;
  const { name, price, amount, priceUsd, confirmedAt, createdAt, chain, status } = data;
  const isTrial = status === 'trial';
  return detailsOf({
    ...data,
    product: name,
    price: price ?? priceUsd ?? amount,
    amount: kind === 'payment' ? (data['paidUsd'] ?? amount) : undefined,
    paidAt: confirmedAt ?? createdAt,
    network: NETWORKS.get(String(chain)) ?? chain,
    txHash: data['txHash'] ?? data['subscriptionHash'],
    trialEndsAt: isTrial ? (data['currentPeriodEnd'] ?? data['nextBillingDate']) : undefined,
    nextBillAt: data['nextBillingDate'],
    trialPeriod: undefined,
  });
}

async function fromSession(
  api: ApiClient,
  { uuid }: TransactionStatusReport,
): Promise<PurchaseDetails> {
  const session = await apiRulesOf(api).readSession(api, uuid, { maxRetries: 0 });
  if (session === undefined) return NOTHING;
  const { productName: product, price, reference, frequency, trialPeriod, test } = session;
  return detailsOf({ product, price, reference, frequency, trialPeriod, test });
}

async function linkInStore(
  { store }: Runtime,
  { uuid }: TransactionStatusReport,
): Promise<PurchaseDetails> {
  const key = uuid.startsWith('sub@') ? keyOfSubscription(uuid) : keyOfPayment(uuid);
  const delivery = await store.get(key);
  const raw = delivery?.webhook?.raw ?? delivery?.raw;
  const parsed = raw === undefined ? undefined : parseEvent({ body: raw });
  const data = parsed?.ok === true ? parsed.event.data : undefined;
  return isJsonObject(data) ? linksOf({ manageUrl: data['managementPageLink'] }) : NOTHING;
}

const NETWORKS: ReadonlyMap<string, string> = new Map([
  ['ETH', 'Ethereum'],
  ['BASE', 'Base'],
  ['SOL', 'Solana'],
]);

/** Names are no essays: what is longer is cut. */
const LONGEST_TEXT = 300;

type Found = Readonly<Record<string, unknown>>;

/** What can be shown of what was found: each of the right type, or left out. */
function detailsOf(found: Found): PurchaseDetails {
  const { frequency, trialPeriod, test } = found;
  return {
    ...textsOf(found),
    ...usdOf('price', found),
    ...usdOf('amount', found),
    ...coinOf(found),
    ...linksOf(found),
    ...periodOf('period', frequency),
    ...periodOf('trialPeriod', trialPeriod),
    ...(test === true ? { test } : {}),
  };
}

const TEXTS = ['product', 'reference', 'paidAt', 'network', 'txHash', 'trialEndsAt', 'nextBillAt'];

function textsOf(found: Found): PurchaseDetails {
  const texts = TEXTS.flatMap((name) => {
    const text = found[name];
    if (typeof text !== 'string' || text.trim() === '') return [];
    return [[name, text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text] as const];
  });
  return Object.fromEntries(texts);
}

function linksOf(found: Found): PurchaseDetails {
  const links = ['explorerUrl', 'manageUrl', 'checkoutUrl'].flatMap((name) => {
    const link = found[name];
    const isLink = typeof link === 'string' && /^https?:\/\//i.test(link) && URL.canParse(link);
    return isLink ? [[name, link] as const] : [];
  });
  return Object.fromEntries(links);
}

/** Every digit, and at least the cents; nothing for what is no amount. */
function usdOf(name: 'price' | 'amount', found: Found): PurchaseDetails {
  const value = found[name];
  if (typeof value !== 'number' && typeof value !== 'string') return {};
  const read = readDecimal(value);
  if (read === undefined) return {};
  const fraction = read.fraction.replace(/0+$/, '').padEnd(2, '0');
  return { [name]: decimalText({ ...read, fraction }) };
}

function coinOf({ currency, paidMinUnits, amountMinUnits }: Found): PurchaseDetails {
  if (!isJsonObject(currency)) return {};
  const { symbol, decimals } = currency;
  const units = paidMinUnits ?? amountMinUnits;
  if (typeof symbol !== 'string' || typeof units !== 'string') return {};
  const read = typeof decimals === 'number' ? fromMinUnits(units, decimals) : undefined;
  if (read === undefined || symbol.trim() === '') return {};
  return { paidWith: { amount: decimalText(read), symbol: symbol.slice(0, LONGEST_SYMBOL) } };
}

const LONGEST_SYMBOL = 20;

/** v1 says seconds. */
function periodOf(name: 'period' | 'trialPeriod', found: unknown): PurchaseDetails {
  if (typeof found === 'number' && found > 0) return { [name]: { value: found, unit: 'seconds' } };
  if (!isJsonObject(found)) return {};
  const { value, unit } = found;
  if (typeof value !== 'number' || value <= 0 || typeof unit !== 'string') return {};
  return { [name]: { value, unit } };
}
