import { escapeHtml } from '../escape-html.js';
import type { ReturnOutcome } from './outcome.js';
import { isSubscription } from './page-words.js';
import { isolate } from './words/bidi.js';
import type { TextName } from './words/catalogue.js';
import { readDecimal } from './words/decimal.js';
import type { Language } from './words/language.js';

/** Longer amounts are written smaller. */
const LONG_AMOUNT = 14;

/** The amount, larger than all else, and how often it is paid; '' where it is not known. */
export function amountOf({ details = {} }: ReturnOutcome, language: Language): string {
  const { amount, price, period, trialPeriod, trialEndsAt, test } = details;
  const text = language.usd(amount ?? price ?? '');
  const every = period && language.every(period);
  const trial = trialLine({ trialEndsAt, trialPeriod }, language);
  const size = (text?.length ?? 0) > LONG_AMOUNT ? 'amount long' : 'amount';
  return lines([
    text && `<p class="${size}"><bdi>${escapeHtml(text)}</bdi></p>`,
    every && `<p class="every">${escapeHtml(every)}</p>`,
    trial && `<p class="every">${escapeHtml(trial)}</p>`,
    test && `<p class="test">${escapeHtml(language.say('testPayment'))}</p>`,
  ]);
}

function trialLine(
  { trialEndsAt, trialPeriod }: NonNullable<ReturnOutcome['details']>,
  language: Language,
): string | undefined {
  const date = trialEndsAt && language.day(trialEndsAt);
  if (date) return language.say('trialUntil', { date });
  const duration = trialPeriod && language.duration(trialPeriod);
  return duration && language.say('trialLasts', { duration });
}

/** What was bought, in one line, and the facts of it as a list; '' where nothing is known. */
export function receiptOf(outcome: ReturnOutcome, language: Language): string {
  const rows = rowsOf(outcome, language);
  const parts = lines([
    bought(outcome, language),
    rows.length > 0 && `<dl class="facts">\n${lines(rows)}</dl>`,
  ]);
  if (outcome.state !== 'paid' || parts === '') return parts;
  return `<section aria-label="${escapeHtml(language.say('receipt'))}">\n${parts}</section>\n`;
}

/** Without a product the amount says it all. */
function bought({ details = {} }: ReturnOutcome, language: Language): string | undefined {
  const { product, price } = details;
  if (product === undefined) return undefined;
  const parts = [product, language.usd(price ?? '')].filter((part) => part !== undefined);
  const text = parts.map((part) => isolate(part, language.dir)).join(' · ');
  return `<p class="bought">${escapeHtml(text)}</p>`;
}

function rowsOf(outcome: ReturnOutcome, language: Language): readonly string[] {
  const { uuid, details = {} } = outcome;
  const { reference, paidAt, paidWith, network, price, period, nextBillAt, trialEndsAt } = details;
  const row = (name: TextName & keyof typeof LABELS, value: string | undefined): string =>
    value ? `<div><dt>${escapeHtml(language.say(name))}</dt><dd>${value}</dd></div>` : '';
  const paid = paidWith && readDecimal(paidWith.amount);
  const every = period && language.every(period);
  const cost = language.usd(price ?? '');
  return [
    row(
      'orderReference',
      reference && plain(reference) + copy(reference, 'copyReference', language),
    ),
    row('date', paidAt && time(paidAt, 'time', language)),
    row(
      'price',
      every && cost && plain(language.say('priceEvery', { price: cost, period: every })),
    ),
    row('trialEnds', trialEndsAt && time(trialEndsAt, 'day', language)),
    row('nextBill', nextBillAt && time(nextBillAt, 'day', language)),
    row('paidWith', paid && paidWith && plain(language.coin(paid, paidWith.symbol))),
    row('network', network && plain(network)),
    row('transaction', transaction(outcome, language)),
    isSubscription(outcome)
      ? row('subscriptionId', uuid && shortened(uuid) + copy(uuid, 'copySubscriptionId', language))
      : row('paymentId', uuid && shortened(uuid) + copy(uuid, 'copyPaymentId', language)),
  ].filter((html) => html !== '');
}

const LABELS = {
  orderReference: true,
  date: true,
  price: true,
  trialEnds: true,
  nextBill: true,
  paidWith: true,
  network: true,
  transaction: true,
  paymentId: true,
  subscriptionId: true,
} as const satisfies Partial<Record<TextName, true>>;

function transaction({ details = {} }: ReturnOutcome, language: Language): string | undefined {
  const { txHash, explorerUrl } = details;
  if (txHash === undefined && explorerUrl === undefined) return undefined;
  const label = escapeHtml(language.say('seeOnExplorer'));
  const link =
    explorerUrl &&
    `<a href="${escapeHtml(explorerUrl)}" rel="noopener noreferrer" target="_blank">${label}</a>`;
  const hash = txHash && shortened(txHash) + copy(txHash, 'copyTransaction', language);
  return `${hash ?? ''}${link ?? ''}`;
}

const SHOWN = { start: 10, end: 8 } as const;

/** A hash or an id: its beginning and its end on a screen, all of it on paper. */
function shortened(id: string): string {
  const { start, end } = SHOWN;
  const whole = `<bdi dir="ltr"><code>${escapeHtml(id)}</code></bdi>`;
  if (id.length <= start + end + 2) return whole;
  const short = escapeHtml(`${id.slice(0, start)}…${id.slice(-end)}`);
  return `<bdi dir="ltr" class="screen" title="${escapeHtml(id)}"><code>${short}</code></bdi><span class="print">${whole}</span>`;
}

/** The script shows it: without one it could not do anything. */
function copy(value: string, label: TextName & `copy${string}`, language: Language): string {
  const attributes = [
    ['data-copy', value],
    ['data-copied', language.say('copied')],
    ['aria-label', language.say(label)],
  ].map(([name, said]) => `${name}="${escapeHtml(said ?? '')}"`);
  return `<button type="button" hidden ${attributes.join(' ')}>${escapeHtml(language.say('copy'))}</button>`;
}

/** The time in UTC, which the script turns into the customer's own. */
function time(iso: string, kind: 'time' | 'day', language: Language): string | undefined {
  const shown = kind === 'time' ? language.dateTime(iso) : language.day(iso);
  if (shown === undefined) return undefined;
  return `<time datetime="${escapeHtml(new Date(iso).toISOString())}" data-local="${kind}">${escapeHtml(shown)}</time>`;
}

function plain(value: string): string {
  return `<bdi>${escapeHtml(value)}</bdi>`;
}

/** The parts that there are, each on a line. */
function lines(parts: readonly (string | false | undefined)[]): string {
  return parts
    .filter((part) => typeof part === 'string' && part !== '')
    .map((part) => `${String(part)}\n`)
    .join('');
}
