import type { IncomingHttpHeaders } from 'node:http';
import { isIP, isIPv4 } from 'node:net';
import type { Middleware } from 'koa';
import { ApiError } from './api/error-answers.js';
import { misconfigured } from './errors.js';

/**
 * Whether a host's name always means this machine, whoever answers for names. As `URL` writes it, which has brought
 * every spelling of an IPv4 address (`127.1`, `0x7f000001`) to dotted form.
 */
function isLoopback(hostname: string): boolean {
  if (isIPv4(hostname)) return hostname.startsWith('127.');
  return hostname === '[::1]' || hostname === 'localhost' || hostname.endsWith('.localhost');
}

/**
 * A webhook URL this sandbox may post to: absolute http(s), and on this machine unless `allowRemote`.
 * Throws `misconfigured` otherwise, because a sandbox must not shoot at the internet.
 */
export function parseTarget(webhookUrl: string, allowRemote: boolean): URL {
  const url = URL.canParse(webhookUrl) ? new URL(webhookUrl) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw misconfigured(
      `the webhook URL ${JSON.stringify(webhookUrl)} is not an absolute http(s) URL: ` +
        'give one such as http://127.0.0.1:3000/qbitflow/webhook',
    );
  if (!allowRemote && !isLoopback(url.hostname))
    throw misconfigured(
      `the webhook URL's host ${url.hostname} is not this machine: ` +
        'use 127.0.0.1, [::1] or localhost, or allow remote targets (allowRemote, --allow-remote)',
    );
  return url;
}

/** What may be asked without changing anything; a page cannot read the answers of another origin. */
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** A `host` that listens on every address of the machine: each of them is its name. */
const EVERY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '[::]', '']);

/** Answers 403 to what {@link rejectionOf} rejects, before anything else is looked at. */
export function rejectForeignRequests(names: OwnNames): Middleware {
  return async (context, next) => {
    const reason = rejectionOf(names, context.req);
    if (reason !== undefined) throw new ApiError(403, 'forbidden', reason);
    await next();
  };
}

/** What the sandbox is reached by. */
interface OwnNames {
  readonly host: string;
  readonly allowedHosts: readonly string[];
}

/** As much of a request as says where it comes from. */
interface Caller {
  readonly method?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/**
 * Why a request is rejected that a browser sends for another site's page; `undefined` for programs, which send no
 * `Origin`, and for the sandbox's own pages. By its name: a page whose name is made to point to this machine (DNS
 * rebinding) could read everything, the signing secret too. By its origin: any page can post a form behind its visitor's
 * back, and open WebSockets.
 */
export function rejectionOf(
  names: OwnNames,
  caller: Caller,
  opensSocket = false,
): string | undefined {
  const host = hostOf(caller.headers.host);
  if (host === undefined || !isOwn(names, host.hostname))
    return `this is not the sandbox's name: ${JSON.stringify(caller.headers.host?.slice(0, 100))}. Reach it by ${nameOf(names)}, or start it with the names it goes by (allowedHosts, --allow-host)`;
  const changes = opensSocket || !READS.has(caller.method ?? 'GET');
  return changes && isForeign(caller.headers, host)
    ? 'another site may not drive the sandbox'
    : undefined;
}

/** Without a `Host` it is no browser: HTTP/1.1 demands one, and Node sees to that. */
function hostOf(header: string | undefined): URL | undefined {
  const text = header ?? 'localhost';
  return /[\s/\\?#@]/.test(text) || !URL.canParse(`http://${text}`)
    ? undefined
    : new URL(`http://${text}`);
}

function isOwn({ host, allowedHosts }: OwnNames, hostname: string): boolean {
  const name = hostname.replace(/\.$/, '');
  const own = inBrackets(host.toLowerCase());
  if (isLoopback(name) || name === own || allowedHosts.includes(name)) return true;
  return EVERY_ADDRESS.has(own) && isIP(name.replace(/^\[|\]$/g, '')) !== 0;
}

function isForeign(headers: IncomingHttpHeaders, host: URL): boolean {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') return true;
  if (origin === undefined) return false;
  // A page that hides where it comes from says `null`; its browser may say all the same that it is the sandbox's own.
  if (origin === 'null') return site !== 'same-origin';
  return !URL.canParse(origin) || new URL(origin).host !== host.host;
}

function nameOf({ host, allowedHosts }: OwnNames): string {
  return [
    EVERY_ADDRESS.has(inBrackets(host)) ? 'its address' : host,
    'localhost',
    ...allowedHosts,
  ].join(', ');
}

function inBrackets(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}
