import { codeOf, fail, type Finding, quoted } from './finding.js';
import { errorIn, jsonIn } from './probe-answer.js';
import { PATIENCE_MS, type Reply } from './send-probe.js';

type Answer = Extract<Reply, { readonly kind: 'answer' }>;
/** What was found, and what to do about it. */
type Explanation = readonly [says: string, cure: string];

/** Why a reply to a probe is none of the kit's, or no success of it: the likely cause, and the cure. */
export function explainReply(reply: Reply, url: URL): Finding {
  const [says, cure] =
    reply.kind === 'answer' ? explainAnswer(reply, url) : explainSilence(reply, url);
  return fail('webhook', says, cure);
}

/** How a kit answers where the signature is not accepted: why, it tells its own log only. */
export function isRefusedByKit(reply: Reply): reply is Answer {
  return (
    reply.kind === 'answer' && reply.status === 401 && errorIn(reply.text) === 'invalid signature'
  );
}

const OFTEN_CAUSES: readonly (readonly [pattern: RegExp, explain: (url: URL) => Explanation])[] = [
  [
    /^(?:ENOTFOUND|EAI_AGAIN)$/,
    ({ hostname }) => [
      `the name ${hostname} is not found`,
      'look for a slip of the pen, or set up its DNS',
    ],
  ],
  [
    /^(?:ECONNREFUSED|EADDRNOTAVAIL)$/,
    ({ host }) => [`nothing listens at ${host}`, 'start the app, or correct host and port'],
  ],
  [
    /^(?:EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/,
    ({ host }) => [
      `${host} cannot be reached`,
      'open the port in the firewall, or correct the address',
    ],
  ],
  [
    /^CERT_HAS_EXPIRED$/,
    ({ host }) => [
      `the certificate of ${host} has expired`,
      'renew it: QBitFlow delivers to none that is invalid',
    ],
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    ({ host, hostname }) => [
      `the certificate of ${host} is another name's`,
      `get one for ${hostname}`,
    ],
  ],
  [
    /SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/,
    ({ host }) => [
      `nobody vouches for the certificate of ${host}`,
      'use one of a public authority (Let’s Encrypt), with its intermediate certificates',
    ],
  ],
  [
    /^(?:EPROTO$|ERR_SSL_)/,
    ({ host }) => [
      `${host} speaks no TLS`,
      'let the server or a proxy terminate TLS there, or correct the port',
    ],
  ],
  [
    /^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET|HPE_\w+)$/,
    ({ host }) => [
      `${host} closed the connection without an answer`,
      "look into the app's log; http:// to a port that speaks TLS does it too",
    ],
  ],
];

function explainSilence(reply: Exclude<Reply, Answer>, url: URL): Explanation {
  if (reply.kind === 'late')
    return [
      `no answer within ${PATIENCE_MS / 1_000} s`,
      'a firewall may swallow what it does not let through, or something before the route waits for a body that was read already',
    ];
  const code = codeOf(reply.error);
  const known = OFTEN_CAUSES.find(([pattern]) => pattern.test(code));
  return known === undefined
    ? [`no answer (${code})`, 'correct the address, or look into the log of what listens there']
    : known[1](url);
}

function explainAnswer(answer: Answer, url: URL): Explanation {
  const { status, text } = answer;
  const says = `${status}`;
  if (status >= 200 && status < 300) return explainSuccess(answer);
  if (status >= 300 && status < 400) return explainRedirect(answer, url);
  if (status === 401 || status === 403 || status === 407) return explainBarrier(answer);
  if (status === 404 || status === 410) return explainMissing(answer);
  if (status === 405)
    return [
      `${says}, which takes no POST`,
      'mount webhookHandler() for POST at this path, or correct the address',
    ];
  if (status === 413)
    return [
      `${says}, for a body of a few hundred bytes`,
      'raise the limit of the proxy or the app: a delivery may have 1 MiB',
    ];
  if (status === 415 || status === 400)
    return [
      `${says} by something before the kit`,
      'mount the route before whatever validates requests (content types, schemas, CSRF)',
    ];
  if (status === 429) return [`${says} by a rate limit before the kit`, 'exempt the path from it'];
  if (status >= 500) return explainFailure(answer);
  return [`${says}${text === '' ? '' : `, and says ${quoted(text)}`}`, "look into the app's log"];
}

function explainSuccess({ status, headers, text }: Answer): Explanation {
  if (isPage(headers, text))
    return [
      `${status} with a page, which is not the kit's answer`,
      'a login page, a single-page app or a placeholder has this path: let POST through to the kit',
    ];
  const value = jsonIn(text);
  if (typeof value === 'object' && value !== null && Reflect.get(value, 'received') === true)
    return [
      `${status}, but the kit did not take it for a probe`,
      "with acknowledge: 'everything' it answers so to a wrong secret, too: look for invalid_signature in its log; a kit older than this command answers so as well: update it",
    ];
  return [
    `${status}, but by something else than the kit`,
    'mount webhookHandler() or qbitflowRouter() at this path, or correct the address',
  ];
}

function explainRedirect({ status, headers }: Answer, url: URL): Explanation {
  const location = headers.get('location') ?? '';
  const isAddress = location !== '' && URL.canParse(location, url.href);
  const target = isAddress ? new URL(location, url.href) : undefined;
  const says = `${status} to ${quoted(location) || 'nowhere'}, and QBitFlow follows no redirects`;
  if (target !== undefined && /log-?in|sign-?in|auth|sso/i.test(target.pathname + target.hostname))
    return [says, 'exempt the path from the login'];
  const isSamePage =
    target !== undefined && target.pathname.replace(/\/$/, '') === url.pathname.replace(/\/$/, '');
  return isSamePage
    ? [says, `register ${quoted(target.href)} as the endpoint's address`]
    : [says, "register the address it ends at as the endpoint's, or do not redirect POST"];
}

function explainBarrier({ status, headers, text }: Answer): Explanation {
  const scheme = headers.get('www-authenticate')?.split(' ')[0];
  if (scheme !== undefined)
    return [
      `${status} by a login before the kit (${quoted(scheme)})`,
      'exempt the path from it: the signature is the login',
    ];
  const said = errorIn(text);
  return [
    `${status} by something before the kit${said === undefined ? '' : ` (${quoted(said)})`}`,
    'exempt the path from logins, CSRF checks, bot protection and firewall rules',
  ];
}

function explainMissing({ status, text }: Answer): Explanation {
  return errorIn(text) === 'not found'
    ? [`${status} by the kit, which is mounted here`, 'its webhook is below: …/webhook']
    : [
        `${status}: nothing is mounted at this path`,
        "qbitflowRouter() has POST /webhook below where it is mounted, e.g. app.use('/qbitflow', …): /qbitflow/webhook",
      ];
}

function explainFailure({ status, headers, text }: Answer): Explanation {
  const said = errorIn(text);
  if (said?.includes('body parser consumed') === true)
    return [
      `${status}: a body parser reads the body before the kit, and the signed bytes are gone`,
      'mount the route before express.json(), koa-body and the like, or put withWebhook() in front of the app (docs/guides/existing-app.md)',
    ];
  if (said?.startsWith('the signature could not be checked') === true)
    return [
      `${status}: the kit there asks the API about signatures and gets no answer`,
      'give its process QBITFLOW_WEBHOOK_SECRET: then it checks them itself',
    ];
  if (status >= 502 && status <= 504 && said === undefined)
    return [
      `${status} by a proxy${headers.get('server') === null ? '' : ` (${quoted(headers.get('server') ?? '')})`} that gets no answer from the app`,
      'start the app, or correct where the proxy looks for it',
    ];
  return [
    `${status}: the app failed`,
    'look into its log; a kit with webhookSecret: false answers so, for it takes no deliveries',
  ];
}

function isPage(headers: Headers, text: string): boolean {
  return /html/i.test(headers.get('content-type') ?? '') || /^\s*<(?:!doctype|html)/i.test(text);
}
