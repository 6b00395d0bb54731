import { QBitFlowError } from '../errors.js';

/**
 * What QBitFlow replaces in `successUrl` and `cancelUrl` by the session's id and the transaction's type. The braces
 * must reach the API as they stand: `%7B%7BUUID%7D%7D` is not replaced. Use {@link returnUrl} unless you write the URL
 * by hand.
 * @example
 * ```js
 * import { placeholders } from '@qbitflow/core';
 *
 * const successUrl = `https://shop.example/thanks?uuid=${placeholders.uuid}`;
 * console.assert(successUrl.endsWith('{{UUID}}'));
 * ```
 */
export const placeholders = {
  uuid: '{{UUID}}',
  transactionType: '{{TRANSACTION_TYPE}}',
} as const;

const ANY_SPELLING = /(?:\{|%7[Bb]){2}(UUID|TRANSACTION_TYPE)(?:\}|%7[Dd]){2}/g;

/** The text with every percent-encoded placeholder in its literal form. */
export function withLiteralPlaceholders(text: string): string {
  return text.replace(ANY_SPELLING, (_all, name: string) => `{{${name}}}`);
}

/** How the id, the type and more are named in a return URL's query. */
export interface ReturnUrlOptions {
  /** Query name of the session's id; default `uuid`. */
  readonly uuid?: string | undefined;
  /** Query name of the transaction's type, `false` to leave it out; default `type`. */
  readonly type?: string | false | undefined;
  /** More query parameters, encoded. */
  readonly params?: Readonly<Record<string, string>> | undefined;
}

/**
 * A `successUrl` or `cancelUrl` with the placeholders in its query, the braces always literal. A placeholder that
 * `base` carries in its query already is not added again. With the option `publicUrl` a kit makes both by itself.
 * @throws `invalid_checkout` when `base` is not an absolute http(s) URL without credentials, when a query name would
 * stand twice, or when a placeholder would not stand alone in its query parameter
 * @example
 * ```js
 * import { returnUrl } from '@qbitflow/core';
 *
 * const successUrl = returnUrl('https://shop.example/qbitflow/success');
 * console.assert(successUrl.endsWith('?uuid={{UUID}}&type={{TRANSACTION_TYPE}}'));
 * ```
 */
export function returnUrl(base: string, options: ReturnUrlOptions = {}): string {
  const url = parseBase(base);
  // String work throughout: `searchParams.set` of any name would encode every brace in the query.
  let search = withLiteralPlaceholders(url.search);
  assertAlone(url, search);
  for (const [name, value] of additions(search, options)) {
    assertNew(url, search, name);
    const pair = `${encodeURIComponent(name)}=${withLiteralPlaceholders(encodeURIComponent(value))}`;
    search += `${search === '' ? '?' : '&'}${pair}`;
  }
  const path = withLiteralPlaceholders(url.pathname);
  return `${url.origin}${path}${search}${withLiteralPlaceholders(url.hash)}`;
}

function additions(
  search: string,
  options: ReturnUrlOptions,
): readonly (readonly [string, string])[] {
  const { uuid = 'uuid', type = 'type', params = {} } = options;
  const wanted: (readonly [string, string])[] = [];
  if (!search.includes(placeholders.uuid)) wanted.push([uuid, placeholders.uuid]);
  if (type !== false && !search.includes(placeholders.transactionType)) {
    wanted.push([type, placeholders.transactionType]);
  }
  return [...wanted, ...Object.entries(params)];
}

function parseBase(base: string): URL {
  let url: URL;
  try {
    url = new URL(base);
  } catch (cause) {
    throw invalid(
      'a return URL must be absolute, and this one is not: QBitFlow sends customers to it from its own site, so write the public address out, e.g. https://shop.example/success',
      cause,
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw invalid(
      `a return URL must start with https:// (or http:// in test mode), not with ${url.protocol}`,
    );
  }
  if (/[{}]/.test(url.host)) {
    throw invalid(
      'a return URL must name its host: placeholders are for the path, the query and the fragment',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid(
      'a return URL must not carry a user name or password, every customer would see it: take it out',
    );
  }
  return url;
}

/** What has more around it is not found again: `?uuid={{UUID}}?utm=1` comes back as an unknown id. */
function assertAlone(url: URL, search: string): void {
  for (const pair of search.slice(1).split('&')) {
    const value = pair.slice(pair.indexOf('=') + 1);
    for (const [name, placeholder] of [
      ['uuid', placeholders.uuid],
      ['type', placeholders.transactionType],
    ] as const) {
      if (value === placeholder || !value.includes(placeholder)) continue;
      throw invalid(
        `the return URL on ${url.host} has more than ${placeholder} in the value of a query parameter, and the return page would not find it again: let it stand alone, as in ?${name}=${placeholder}&utm=1`,
      );
    }
  }
}

// Of a name standing twice the return page would have to guess which one is meant.
function assertNew(url: URL, search: string, name: string): void {
  if (name !== '' && !new URLSearchParams(search).has(name)) return;
  throw invalid(
    `the return URL on ${url.host} would carry the query parameter '${name}' twice or without a name: rename it in the base URL or in the options (uuid, type, params)`,
  );
}

function invalid(message: string, cause?: unknown): QBitFlowError {
  return new QBitFlowError('invalid_checkout', message, cause === undefined ? {} : { cause });
}
