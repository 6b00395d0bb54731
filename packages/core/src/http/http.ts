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
  /** The request's own stream, whether or not somebody has read it already. */
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
  for (const sent of Object.keys(headers)) {
    const value = headers[sent];
    if (value !== undefined && sent.length === name.length && sent.toLowerCase() === name)
      return value;
  }
  return undefined;
}
