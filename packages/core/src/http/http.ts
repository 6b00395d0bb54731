import type { Readable } from 'node:stream';

/** Request headers as Node gives them: lower-case names, repeated headers as an array. */
export type HttpHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * A request as every framework can describe it. An adapter fills in what it has and decides nothing;
 * which of `stream`, `rawBody` and `body` holds the bytes is found out by `receive`.
 */
export interface HttpRequest {
  readonly method: string;
  /** Path and query as received, e.g. `/success?uuid=pay%40…`; or an absolute URL, where the client sent one. */
  readonly url: string;
  readonly headers: HttpHeaders;
  /**
   * The address of the client, as far as the framework knows: behind a proxy that the app trusts the customer's own, else
   * the socket's.
   */
  readonly client?: string | undefined;
  /** The request's own stream, read already or not. */
  readonly stream?: Readable | undefined;
  /** What a body parser left on the request: bytes, text or a parsed value. */
  readonly body?: unknown;
  /** What a body parser kept of the bytes (`req.rawBody`, `ctx.request.rawBody`). */
  readonly rawBody?: unknown;
}

/** An answer, complete: an adapter writes it as it stands. Header names are lower-case. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** In place of `body`: text that goes on for as long as the connection lives. Whoever writes it destroys it at the end. */
  readonly stream?: Readable | undefined;
}

/**
 * Path and query of a request's target. It may be an absolute URL: that is what clients send to proxies, and every
 * server must understand it (RFC 9112 §3.2.2).
 */
export function originForm(url: string): string {
  if (url.startsWith('/')) return url;
  const [authority] = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i.exec(url) ?? [];
  if (authority === undefined) return url;
  const rest = url.slice(authority.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/**
 * The first value of a header, or `undefined`; a repeated header is as good as its first line. `name` is lower-case;
 * in `headers` it may be in any case, as the events of serverless platforms have it.
 */
export function headerOf(headers: HttpHeaders, name: string): string | undefined {
  const value = headers[name] ?? inOtherCase(headers, name);
  return typeof value === 'object' ? value[0] : value;
}

function inOtherCase(headers: HttpHeaders, name: string): HttpHeaders[string] {
  // Each header that did not come is looked for: no list of names is made for it.
  for (const sent in headers) {
    if (sent.length !== name.length || sent.toLowerCase() !== name) continue;
    const value = Object.hasOwn(headers, sent) ? headers[sent] : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Tells whom a request comes from: an address, or any other name that a client cannot choose. */
export type ClientOf = (request: HttpRequest) => string | undefined;

/**
 * Whether a browser follows a link, sends a form or loads a page again with this request, as opposed to what scripts
 * and programs do. Browsers say so themselves (Fetch Metadata); those that do not yet, and all on plain http, still ask
 * for https where they navigate.
 */
export function isNavigation({ headers }: HttpRequest): boolean {
  const mode = headerOf(headers, 'sec-fetch-mode');
  if (mode !== undefined) return mode === 'navigate';
  return headerOf(headers, 'upgrade-insecure-requests') === '1';
}

/**
 * Whether another site has sent the browser here, so that cookies with `SameSite=Strict` have stayed away: `own` is also
 * what the customer opens by hand. An old browser, or one on plain http, does not tell.
 */
export function siteOf({ headers }: HttpRequest): 'other' | 'own' | 'untold' {
  const site = headerOf(headers, 'sec-fetch-site');
  if (site === undefined) return 'untold';
  return site === 'cross-site' ? 'other' : 'own';
}

/** Whether a page of the same origin has sent the browser here: among others by loading itself again. */
export function isFromSameOrigin({ headers }: HttpRequest): boolean {
  return headerOf(headers, 'sec-fetch-site') === 'same-origin';
}
