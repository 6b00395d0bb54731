import type { Generation } from '../state/events.js';

/** An attempt that was not accepted, as much of it as tells what to try. */
export interface FailedPost {
  readonly url: URL;
  readonly version: Generation;
  readonly status?: number;
  readonly answer?: string;
  readonly location?: string;
  readonly error?: string;
  /** What a scenario did to it, so that its failure is what was wanted. */
  readonly onPurpose?: string | undefined;
}

/** One thing that goes wrong and what helps. */
interface Hint {
  readonly when: (failed: Facts) => boolean;
  readonly hint: (failed: Facts) => string;
}

/** An attempt without gaps: `status` is 0 where there was no answer. */
interface Facts extends Required<Pick<FailedPost, 'status' | 'answer' | 'location' | 'error'>> {
  readonly url: URL;
  readonly version: Generation;
  readonly onPurpose: string;
}

/** Where README's shop has its webhook route. */
const USUAL_PATH = '/qbitflow/webhook';
const MOUNT_FIRST =
  'mount the webhook route before express.json(), koa-body and other body parsers: the signature covers the bytes as sent';
const SAME_SECRET =
  "give the shop this sandbox's webhook secret (QBITFLOW_WEBHOOK_SECRET; whsec_sandbox by default, the page shows it)";

/** What frameworks print below an error: names of files and functions say nothing about what is wrong. */
const STACK = /(?:&nbsp;|\s)at (?:async |\S+ \(|file:|node:|\/).*$/s;

/** The first that applies is said. Causes that the answer itself names stand before those that its status alone suggests. */
const HINTS: readonly Hint[] = [
  {
    when: ({ onPurpose }) => onPurpose !== '',
    hint: ({ onPurpose }) => `nothing to mend: ${onPurpose}`,
  },
  {
    when: ({ error }) => /ECONNREFUSED/.test(error),
    hint: ({ url }) => `is the shop running, and does it listen on port ${portOf(url)}?`,
  },
  {
    when: ({ error }) => /ENOTFOUND|EAI_AGAIN/.test(error),
    hint: ({ url }) => `there is no host ${url.hostname}: use 127.0.0.1`,
  },
  {
    when: ({ error }) => /EPROTO|SSL|wrong version number|HPE_INVALID|Parse Error/i.test(error),
    hint: ({ url }) =>
      url.protocol === 'https:'
        ? 'the shop may speak plain HTTP on this port: use http:// in the webhook URL'
        : 'what answered does not speak plain HTTP: is it TLS (https://), or another program on this port?',
  },
  {
    when: ({ error }) => /certificate|self.signed/i.test(error),
    hint: () =>
      "the shop's certificate is not trusted here: use http:// on this machine, or start the sandbox with NODE_EXTRA_CA_CERTS",
  },
  {
    when: ({ error }) => error.startsWith('no answer within'),
    hint: () =>
      'answer 200 before doing the work: record the event, then answer, then handle it (QBitFlow waits 30 s)',
  },
  {
    when: ({ status }) => status === 0,
    hint: () =>
      "the shop ended the connection without an answer: look for a crash or a restart in the shop's log",
  },
  {
    when: ({ answer }) => /body parser|mount .{0,40}before|raw body|rawBody/i.test(answer),
    hint: () => MOUNT_FIRST,
  },
  {
    when: ({ answer }) => /csrf|xsrf/i.test(answer),
    hint: () => 'exempt the webhook route from CSRF protection: the signature is its protection',
  },
  {
    when: ({ status, answer }) => status === 401 || /signature/i.test(answer),
    hint: ({ answer }) =>
      /signature/i.test(answer)
        ? `${SAME_SECRET}; the shop's log says why the signature failed`
        : `exempt the webhook route from the shop's login; if it is the signature: ${SAME_SECRET}`,
  },
  {
    when: ({ status }) => status >= 300 && status < 400,
    hint: ({ location, url }) => redirectHint(location, url),
  },
  {
    when: ({ status }) => status === 404 || status === 410,
    hint: ({ url }) =>
      `check the path: webhooks go to ${url.href}, ${url.pathname === USUAL_PATH ? 'and the shop has no such route' : `and the kit's route is ${USUAL_PATH} where it is mounted on /qbitflow`}`,
  },
  {
    when: ({ status }) => status === 403,
    hint: () =>
      'exempt the webhook route from CSRF protection, logins and address filters: the signature is its protection',
  },
  {
    when: ({ status }) => status === 405,
    hint: ({ url }) =>
      `${url.href} takes no POST: check the path (the kit's route is ${USUAL_PATH} where it is mounted on /qbitflow)`,
  },
  {
    when: ({ status }) => status === 413,
    hint: () =>
      'raise the limit of the body for this route: QBitFlow sends up to 1 MiB (express.json() and nginx take less by default)',
  },
  {
    when: ({ status }) => status === 415,
    hint: () => 'the route must take application/json',
  },
  {
    when: ({ status }) => status === 429,
    hint: () => 'exempt the webhook route from rate limits: deliveries come in bursts',
  },
  {
    when: ({ status }) => status === 400 || status === 422,
    hint: () => `${MOUNT_FIRST}; and do not validate the body against a schema of your own`,
  },
  {
    when: ({ status }) => status === 502 || status === 504,
    hint: () => 'a proxy answered for the shop: is the shop behind it running?',
  },
  {
    when: ({ status }) => status === 503,
    hint: () =>
      "the shop cannot take it now (a store that is away, or a signature that it lets the API check): the shop's log says which",
  },
  {
    when: ({ status }) => status >= 500,
    hint: () =>
      `the route threw: the shop's log says where. If it speaks of the body: ${MOUNT_FIRST}`,
  },
  {
    when: ({ status, version }) => version === 'v1' && status > 200 && status < 300,
    hint: () => 'answer exactly 200: v1 takes no other status',
  },
];

/** What to try after an attempt that was not accepted. */
export function hintFor(failed: FailedPost): string {
  const facts: Facts = {
    status: 0,
    location: '',
    error: '',
    ...failed,
    answer: (failed.answer ?? '').replace(STACK, ''),
    onPurpose: failed.onPurpose ?? '',
  };
  return (
    HINTS.find(({ when }) => when(facts))?.hint(facts) ??
    'answer 200: anything else is sent again and given up in the end'
  );
}

function redirectHint(location: string, url: URL): string {
  const target = URL.canParse(location, url.href) ? new URL(location, url).href : location;
  return target === ''
    ? 'webhooks follow no redirect: answer 200 yourself'
    : `webhooks follow no redirect: set the webhook URL to ${target}, or exempt the route if that is a login page`;
}

function portOf(url: URL): string {
  return url.port || (url.protocol === 'https:' ? '443' : '80');
}
