import { DESK_LINES } from './desk-lines.js';
import { asError } from '../as-error.js';
import { sleep } from '../clock.js';
import { headerOf, type HttpRequest } from '../http/http.js';
import type { Runtime } from '../runtime.js';
import type { AuthorizeOperator } from './desk-options.js';

/** Who asks, or why they are not let in. */
export type Access =
  | { readonly allowed: true; readonly operator: string }
  | { readonly allowed: false; readonly why: Refused };

/** `authorize`: it said no. The others: there is none, and the request is not surely from this machine. */
export type Refused = 'authorize' | 'proxied' | 'remote' | 'host';

const TIMEOUT_MS = 5_000;
const LONGEST_NAME = 100;

/** Asks the merchant's `authorize`. Never rejects: what goes wrong is a no, logged. */
export async function askAuthorize(
  { clock, diagnostics }: Pick<Runtime, 'clock' | 'diagnostics'>,
  request: HttpRequest,
  authorize: AuthorizeOperator,
): Promise<Access> {
  const answered = new AbortController();
  try {
    const answer: unknown = await Promise.race([
      authorize(request),
      sleep(clock, TIMEOUT_MS, answered.signal).then(() => LATE),
    ]);
    if (answer === LATE)
      diagnostics.say(DESK_LINES, 'desk_authorize_failed', { timeoutMs: TIMEOUT_MS });
    if (answer === true) return { allowed: true, operator: 'operator' };
    if (typeof answer === 'string' && answer !== '')
      return { allowed: true, operator: answer.slice(0, LONGEST_NAME) };
  } catch (thrown) {
    diagnostics.say(DESK_LINES, 'desk_authorize_failed', { err: asError(thrown) });
  } finally {
    answered.abort();
  }
  return { allowed: false, why: 'authorize' };
}

const LATE = Symbol('late');

/** What proxies add. One alone shows that the socket's other end is not who asks. */
const FORWARDED = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-forwarded-server',
  'x-original-forwarded-for',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'fastly-client-ip',
  'fly-client-ip',
] as const;

const LOOPBACK = /^(?:::ffff:)?127(?:\.\d{1,3}){3}$|^::1$/i;
const PRIVATE =
  /^(?:::ffff:)?(?:10(?:\.\d{1,3}){3}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2}|192\.168(?:\.\d{1,3}){2}|169\.254(?:\.\d{1,3}){2})$|^f[cd][\da-f]{2}:|^fe[89ab][\da-f]:/i;
const LOCAL_HOST = /^(?:(?:[\w-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * Whether a request comes from this machine itself. Behind a proxy every socket is loopback, so that a sign of a proxy is
 * a no; and a site that has its name resolve to 127.0.0.1 is told by the `Host` it cannot change.
 */
export function fromThisMachine(request: HttpRequest): Access {
  if (isProxied(request)) return { allowed: false, why: 'proxied' };
  if (!addressesOf(request, LOOPBACK)) return { allowed: false, why: 'remote' };
  const host = headerOf(request.headers, 'host') ?? headerOf(request.headers, ':authority') ?? '';
  if (!LOCAL_HOST.test(host)) return { allowed: false, why: 'host' };
  return { allowed: true, operator: 'this machine' };
}

/** Whether a request comes directly from loopback or a private network, as a scrape does. */
export function fromPrivateNetwork(request: HttpRequest): Access {
  if (isProxied(request)) return { allowed: false, why: 'proxied' };
  const isNear = addressesOf(request, LOOPBACK, PRIVATE);
  return isNear ? { allowed: true, operator: 'scrape' } : { allowed: false, why: 'remote' };
}

function isProxied({ headers, stream }: HttpRequest): boolean {
  // No browser speaks HTTP/1.0; nginx does to what is behind it, and adds no header unless it is told to.
  const version: unknown = stream === undefined ? undefined : Reflect.get(stream, 'httpVersion');
  return version === '1.0' || FORWARDED.some((name) => headerOf(headers, name) !== undefined);
}

/** The framework's address may be one that a client sent (`trust proxy`): the socket's must be as near. */
function addressesOf({ client, stream }: HttpRequest, ...near: readonly RegExp[]): boolean {
  const socket: unknown = stream === undefined ? undefined : Reflect.get(stream, 'socket');
  const ofSocket: unknown =
    typeof socket === 'object' && socket !== null ? Reflect.get(socket, 'remoteAddress') : client;
  return [client, ofSocket].every(
    (address) => typeof address === 'string' && near.some((range) => range.test(address)),
  );
}
