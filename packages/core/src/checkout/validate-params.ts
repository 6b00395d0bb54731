import type * as z from 'zod';
import type { FieldError } from '../api/api-error.js';
import { isQBitFlowError } from '../errors.js';
import { ALL_CHECKOUT_RULES } from '../protocol/checkout-rules.js';
import type { CheckoutRules } from '../protocol/generation.js';
import type { CheckoutForm, CheckoutKind, CheckoutTerms } from './params.js';
import { returnUrl } from './return-url.js';
import { invalidCheckout } from './session.js';

/**
 * Checks parameters by the rules of the generation they are meant for and gives them as they are sent: amounts
 * canonical, return URLs complete. Throws `invalid_checkout` with all faults at once; what depends on a mode that the
 * API key does not say is left to the API.
 */
export function validateParams(params: unknown, form: CheckoutForm): CheckoutTerms {
  if (typeof params !== 'object' || params === null || Array.isArray(params))
    throw invalidCheckout([{ field: '', message: 'parameters must be an object' }]);
  const given = Object.fromEntries(
    Object.entries(params).filter(([, value]) => value !== undefined),
  );
  const parsed = form.generation.paramsSchema(form).safeParse(given);
  const { urls, faults: urlFaults } = returnUrlsOf(given, form);
  const faults = [
    ...(parsed.success ? [] : parsed.error.issues.flatMap((issue) => explain(issue, form))),
    ...urlFaults,
    ...productFaults(given, form),
    ...customerFaults(given),
    ...form.generation.totalFaults(given, form.mode),
  ];
  if (!parsed.success || faults.length > 0) throw invalidCheckout(faults);
  return { ...parsed.data, ...urls };
}

function explain(issue: z.core.$ZodIssue, form: CheckoutForm): readonly FieldError[] {
  const field = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [{ field, message: issue.message }];
  return issue.keys.map((key) => ({
    field: field === '' ? key : `${field}.${key}`,
    message: field === '' ? explainUnknownField(key, form) : 'is not known',
  }));
}

/** The two addresses customers come back to, as they are sent: absolute, placeholders in them, braces literal. */
export interface ReturnUrls {
  readonly successUrl?: string | undefined;
  readonly cancelUrl?: string | undefined;
}

/**
 * Completes the given addresses: paths go below `publicUrl`, which also stands in for missing ones. `faults` tells what
 * cannot be used; what is no text is told of elsewhere.
 */
export function returnUrlsOf(
  given: Readonly<Record<string, unknown>>,
  form: CheckoutForm,
): { readonly urls: ReturnUrls; readonly faults: readonly FieldError[] } {
  const faults: FieldError[] = [];
  const complete = (field: keyof ReturnUrls, ownRoute: string): string | undefined => {
    const text = given[field] ?? (form.publicUrl === undefined ? undefined : ownRoute);
    if (typeof text !== 'string') return undefined;
    const { url, message } = completed(text, form);
    if (message !== undefined) faults.push({ field, message });
    return url;
  };
  const successUrl = complete('successUrl', '/success');
  const cancelUrl = complete('cancelUrl', '/cancel');
  return {
    urls: {
      ...(successUrl === undefined ? {} : { successUrl }),
      ...(cancelUrl === undefined ? {} : { cancelUrl }),
    },
    faults,
  };
}

interface Completed {
  readonly url?: string;
  readonly message?: string;
}

function completed(text: string, form: CheckoutForm): Completed {
  const { publicUrl } = form;
  if (text.startsWith('/') && publicUrl === undefined) return { message: PATH_WITHOUT_PUBLIC_URL };
  try {
    const url = returnUrl(text.startsWith('/') ? `${publicUrl ?? ''}${text}` : text);
    const message = faultOf(url, form);
    return message === undefined ? { url } : { message };
  } catch (error) {
    if (!isQBitFlowError(error)) throw error;
    return { message: `cannot be used: ${error.message}` };
  }
}

function faultOf(url: string, { generation, mode }: CheckoutForm): string | undefined {
  const { longestReturnUrl, needsHttpsInLiveMode } = generation;
  if (url.length > longestReturnUrl)
    return `is ${url.length} characters long with its placeholders, and QBitFlow takes ${longestReturnUrl}: keep what it carries under your order, and send the reference only`;
  if (needsHttpsInLiveMode && mode === 'live' && !url.startsWith('https:'))
    return 'must start with https:// in live mode: use the public address of your shop, or a test key';
  return undefined;
}

const PATH_WITHOUT_PUBLIC_URL =
  'is a path, and where the routes are mounted is not known: give createQBitFlow a publicUrl, e.g. https://shop.example/qbitflow, or write the whole address out';

/** Parameters as a merchant gave them, those that are `undefined` left out. */
export type Given = Readonly<Record<string, unknown>>;

/** What is wrong with the choice of a product, which has exactly one of three forms. */
export function productFaults(given: Given, { generation }: CheckoutForm): readonly FieldError[] {
  const { productIdField: idField } = generation;
  const has = (field: string): boolean => field in given;
  const isInline = has('productName') || has('price');
  // The other generation's id is refused as a field already: it shall not look as if no product was given.
  const isKnown = ALL_CHECKOUT_RULES.some(({ productIdField }) => has(productIdField));
  const forms = [isKnown, has('productReference'), isInline].filter(Boolean).length;
  if (isInline && forms === 1) return missing(given, generation);
  const faults: FieldError[] = [];
  if (forms !== 1) {
    const message = `must be the only product: give exactly one of ${idField}, productReference, or productName with price`;
    faults.push({ field: idField, message });
  }
  if (has('description') && !isInline) faults.push({ field: 'description', message: OWN_WORDS });
  return faults;
}

const OWN_WORDS =
  'goes with productName and price only: QBitFlow has its own of a product it knows, so leave it out';

function missing(
  given: Given,
  { ownProductFields: wanted }: CheckoutForm['generation'],
): readonly FieldError[] {
  const names = `${wanted.slice(0, -1).join(', ')} and ${wanted.at(-1) ?? ''}`;
  const message = `is missing: a product described here needs ${names}`;
  return wanted.filter((field) => !(field in given)).map((field) => ({ field, message }));
}

/** What is wrong with the customer, who is named once. */
export function customerFaults(given: Given): readonly FieldError[] {
  if (!('customerUuid' in given && 'customerReference' in given)) return [];
  const message = 'names the customer a second time: give it or customerUuid, not both';
  return [{ field: 'customerReference', message }];
}

/** Names other payment APIs and older QBitFlow integrations use. */
const CURES: ReadonlyMap<string, string> = new Map([
  ['webhookUrl', 'is not sent: set the address of your webhook in the QBitFlow dashboard'],
  ['idempotencyKey', 'is not yours to set: it is derived from reference'],
  ['currency', 'is not known: prices are in USD'],
  ['amount', 'is not known: did you mean price (in USD)?'],
  ['metadata', 'is not known: keep what you need under your order, and send its id as reference'],
]);

/** Says why a checkout does not take a field, and what to write instead. */
export function explainUnknownField(field: string, { generation, kind }: CheckoutForm): string {
  const takes = (of: CheckoutRules, its: CheckoutKind) => of.paramNames(its).includes(field);
  if (kind === 'payment' && takes(generation, 'subscription'))
    return 'is for subscriptions: use createSubscription (or kind: "subscription")';
  if (kind === 'subscription' && takes(generation, 'payment'))
    return 'is for payments: QBitFlow takes none on subscriptions';
  const other = ALL_CHECKOUT_RULES.find((of) => takes(of, 'subscription') || takes(of, 'payment'));
  if (other !== undefined) return ofTheOther(field, generation, other);
  const cure = CURES.get(field);
  if (cure !== undefined) return cure;
  const meant = closest(field, generation.paramNames(kind));
  return meant === undefined ? 'is not known' : `is not known: did you mean ${meant}?`;
}

function ofTheOther(
  field: string,
  { name, productIdField }: CheckoutRules,
  other: CheckoutRules,
): string {
  const instead =
    field === other.productIdField
      ? `: on a baseUrl that ends in /${name} use ${productIdField}`
      : '';
  return `belongs to ${other.name}${instead}`;
}

function closest(field: string, names: readonly string[]): string | undefined {
  const plain = plainOf(field);
  const ranked = names
    .map((name) => ({ name, distance: distanceOf(plain, plainOf(name)) }))
    .toSorted((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= 2 ? best.name : undefined;
}

/** `customerUUID`, `customer_uuid` and `customerUuid` are one name to whoever types them. */
function plainOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 40);
}

/** How many letters must change, come or go (Levenshtein). */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [line, letter] of Array.from(a).entries()) {
    let left = line + 1;
    const next = [left];
    for (const [column, other] of Array.from(b).entries()) {
      const changed = (row[column] ?? 0) + (letter === other ? 0 : 1);
      left = Math.min(changed, left + 1, (row[column + 1] ?? 0) + 1);
      next.push(left);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
