import type { ApiClient } from '../api/client.js';
import { getTransaction, type TransactionStatusReport } from '../api/transactions.js';
import { isSpellingOf, nameOfId } from '../api/transaction-ids.js';
import { sleep } from '../clock.js';
import { asError } from '../errors.js';
import { createRotatingMap } from '../rotating-map.js';
import type { Runtime } from '../runtime.js';
import { meaningOf } from '../status/transaction-status.js';

/** What a page may show of a purchase. No customer data. */
export interface PurchaseDetails {
  readonly product?: string | undefined;
  /** USD, e.g. `4.50`. */
  readonly price?: string | undefined;
  /** An http(s) URL of the chain's explorer. */
  readonly explorerUrl?: string | undefined;
}

/** What a checkout sells, as far as a page shows it. */
export interface SoldTerms {
  readonly productName?: string | undefined;
  /** USD. */
  readonly price?: number | undefined;
}

/** What a page can know of purchases. */
export interface Details {
  /** What is known within a short while, else nothing: a page never waits long for decoration. Never rejects. */
  of(report: TransactionStatusReport): Promise<PurchaseDetails>;
  /** Remembers what a session opened by this process sells: v2's API does not tell before it is paid. */
  readonly rememberCheckout: (session: { uuid: string }, terms: SoldTerms) => void;
}

const PATIENCE_MS = 1_500;
const REMEMBERED = 10_000;
/** How long the API is not asked again about a purchase of which it said nothing, in ms. */
const ASKED_AGAIN_AFTER_MS = 10_000;
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
export function createDetails({ clock, diagnostics }: Runtime, api: ApiClient): Details {
  const opened = createRotatingMap<PurchaseDetails>(REMEMBERED);
  const asked = createRotatingMap<Question>(REMEMBERED);

  async function ask(report: TransactionStatusReport): Promise<PurchaseDetails> {
    const isPaid = meaningOf(report).state === 'paid';
    const key = `${isPaid} ${report.uuid}`;
    const known = asked.get(key);
    if (known !== undefined && clock.now() < known.until) return known.answer;
    const answer = (isPaid ? fromTransaction(api, report) : fromSession(api, report)).catch(
      (thrown: unknown) => {
        diagnostics.log('no_details', { uuid: report.uuid, err: asError(thrown) });
        return NOTHING;
      },
    );
    const question = { answer, until: Infinity };
    asked.set(key, question);
    // A failure, or an answer that came too early, must not be the last word; nor is it asked with every look.
    if (Object.keys(await answer).length === 0) question.until = clock.now() + ASKED_AGAIN_AFTER_MS;
    return answer;
  }

  return {
    async of(report) {
      const done = new AbortController();
      const found = await Promise.race([ask(report), sleep(clock, PATIENCE_MS, done.signal)]);
      done.abort();
      return { ...opened.get(nameOfId(report.uuid)), ...found };
    },
    rememberCheckout({ uuid }, { productName, price }) {
      opened.set(nameOfId(uuid), detailsOf({ product: productName, price }));
    },
  };
}

async function fromTransaction(
  api: ApiClient,
  { uuid }: TransactionStatusReport,
): Promise<PurchaseDetails> {
  const found = await getTransaction(api, { uuid }, { maxRetries: 0 });
  if (found === undefined) return NOTHING;
  const { uuid: named, name, price, amount, priceUsd, explorerUrl } = found.data;
  // What another customer bought must not be shown.
  if (typeof named === 'string' && !isSpellingOf(uuid, named)) return NOTHING;
  return detailsOf({ product: name, price: price ?? amount ?? priceUsd, explorerUrl });
}

async function fromSession(
  api: ApiClient,
  { uuid }: TransactionStatusReport,
): Promise<PurchaseDetails> {
  const session = await api.generation.readSession(api, uuid, { maxRetries: 0 });
  return session
    ? detailsOf({ product: session['productName'], price: session['price'] })
    : NOTHING;
}

function detailsOf(found: Readonly<Record<string, unknown>>): PurchaseDetails {
  const { product, price, explorerUrl } = found;
  const isLink = typeof explorerUrl === 'string' && /^https?:\/\//i.test(explorerUrl);
  return {
    ...(typeof product === 'string' && product !== '' ? { product } : {}),
    ...(typeof price === 'number' ? { price: price.toFixed(2) } : {}),
    ...(typeof price === 'string' && price !== '' ? { price: withCents(price) } : {}),
    ...(isLink ? { explorerUrl } : {}),
  };
}

/** `4.5` as `4.50`, without ever making a number of it. */
function withCents(price: string): string {
  if (!/^\d+(\.\d)?$/.test(price)) return price;
  return price.includes('.') ? `${price}0` : `${price}.00`;
}
