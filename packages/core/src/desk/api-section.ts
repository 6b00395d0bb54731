import type { TransactionStatusReport as StatusReport } from '../api/transactions.js';
import type { ApiAnswer } from './ask-api.js';
import { factTable, markup, type Content, type Fact, type Markup } from './markup.js';
import { maskEmails } from './mask.js';
import { moment } from './words.js';

/** Whether someone asked the API. */
export function isAsked(api: ApiAnswer | undefined): boolean {
  return api?.kind === 'report' || api?.kind === 'none' || api?.kind === 'failed';
}

/** What the section shows: `api` once it was asked, or where it cannot be; `token` for the form that asks. */
export interface ApiFacts {
  readonly key: string;
  readonly api: ApiAnswer | undefined;
  readonly now: number;
  readonly token: string;
}

/** What the API says of a delivery's transaction now, and the button that asks. */
export function apiSection({ key, api, now, token }: ApiFacts): Markup {
  const form = markup`<form method="post">
    <input type="hidden" name="do" value="ask" /><input
      type="hidden"
      name="key"
      value="${key}"
    /><input type="hidden" name="token" value="${token}" /><button>
      ${api === undefined ? 'Ask the API' : 'Ask again'}
    </button>
  </form>`;
  const canAsk = api === undefined || isAsked(api);
  return markup`<section aria-labelledby="api-title">
    <div class="head">
      <h2 id="api-title">What the API says now</h2>
      ${canAsk && markup`<div class="end">${form}</div>`}
    </div>
    <div class="pad" role="status">
      ${apiAnswer(api)}${isAsked(api) && markup`<p class="quiet">Asked ${moment(now, now)}</p>`}
    </div>
  </section>`;
}

function apiAnswer(api: ApiAnswer | undefined): Content {
  if (api?.kind === 'report') return report(api.report);
  if (api?.kind === 'failed')
    return markup`<p class="msg"><bdi>${maskEmails(api.message)}</bdi></p>`;
  if (api?.kind === 'none') return markup`<p>${UNKNOWN}</p>`;
  return markup`<p class="quiet">${NOT_ASKED[api?.kind ?? 'yet']}</p>`;
}

const UNKNOWN = 'The API knows no such transaction, or none any more.';
const NOT_ASKED = {
  yet: 'Not asked yet: each click is one request to QBitFlow.',
  'no key':
    'It cannot be asked: this kit has no API key. Give it one as apiKey, or as QBITFLOW_API_KEY.',
  'no transaction': 'There is nothing to ask: this delivery is about no transaction.',
} as const;

function report({ status, generation, txHash, message, lastAttempt }: StatusReport): Markup {
  // Field by field: what the API adds some day may be about a person.
  const { status: how, code, message: why, txHash: hash, at } = lastAttempt ?? {};
  const failed = [how, code, why, hash, at].filter((part) => part !== undefined).join(' · ');
  const facts: readonly Fact[] = [
    ['Status', markup`<b><bdi>${status}</bdi></b> (${generation})`],
    ['Transaction hash', txHash && markup`<span class="mono all">${txHash}</span>`],
    ['Message', message && markup`<bdi>${maskEmails(message)}</bdi>`],
    ['Last attempt', failed && markup`<bdi>${maskEmails(failed)}</bdi>`],
  ];
  return factTable(facts);
}
