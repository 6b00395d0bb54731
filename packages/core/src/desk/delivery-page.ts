import type { AttemptRecord, HandlerRecord } from '../store/attempt-record.js';
import type { StoredDelivery } from '../store/durable-store.js';
import { parseJson } from '../protocol/json.js';
import { apiSection, isAsked } from './api-section.js';
import type { ApiAnswer } from './ask-api.js';
import { linkTo } from './desk-query.js';
import type { DeskPage } from './layout.js';
import { badge } from './list-page.js';
import { factTable, markup, type Content, type Fact, type Markup } from './markup.js';
import { maskEmails, showBody } from './mask.js';
import { askPurpose, revealPurpose } from './page-token.js';
import { duration, moment } from './words.js';

/** What the page of one delivery shows. */
export interface DeliveryFacts {
  readonly now: number;
  readonly delivery: StoredDelivery;
  /** Whether personal data was asked for. */
  readonly revealed: boolean;
  /** Set once the API was asked, and where it cannot be. */
  readonly api?: ApiAnswer | undefined;
  /** For the form of this purpose. */
  readonly tokenFor: (purpose: string) => string;
}

/** All that is known of one delivery, and what can be done with it. */
export function deliveryPage(facts: DeliveryFacts): DeskPage {
  const { delivery, now, revealed, api } = facts;
  const { type, state, key } = delivery;
  const isAnswer = revealed || isAsked(api);
  return {
    title: type,
    view: 'deliveries',
    // What was asked for by a click must not go away by itself.
    liveSeconds: isAnswer || state === 'done' || state === 'dead' ? undefined : 3,
    main: markup`<h1>${type} <span data-part="badge">${badge(delivery, now)}</span></h1>
      <p class="lead mono all">${key}</p>
      <div data-part="why">${why(facts)}</div>
      <div class="cols">
        <div>
          <section aria-labelledby="facts-title">
            <div class="head">
              <h2 id="facts-title">Delivery</h2>
              <div class="end" data-part="actions">${actions(delivery)}</div>
            </div>
            <div class="pad" data-part="facts">${factList(facts)}</div>
          </section>
          ${apiSection({ key, api, now, token: facts.tokenFor(askPurpose(key)) })}
        </div>
        <section aria-labelledby="time-title">
          <div class="head"><h2 id="time-title">Timeline</h2></div>
          <div class="pad" data-part="timeline">${timeline(facts)}</div>
        </section>
      </div>
      ${bodySection(facts)} ${headersSection(facts)}`,
  };
}

function masked(text: string, { revealed }: DeliveryFacts): string {
  return revealed ? text : maskEmails(text);
}

function why(facts: DeliveryFacts): Content {
  const { lastError, state, unhandled } = facts.delivery;
  if (lastError === undefined || (state === 'done' && unhandled !== true)) return undefined;
  const label =
    state === 'dead'
      ? 'Why it is dead'
      : unhandled === true
        ? 'Why no handler saw it'
        : 'The last error';
  return markup`<div class="note ${state === 'dead' ? 'bad' : 'warn'}">
    <p><b>${label}</b></p>
    <p><bdi>${masked(lastError, facts)}</bdi></p>
  </div>`;
}

function actions({ key, state }: StoredDelivery): Content {
  const link = (kind: string): string => linkTo({ view: 'confirm', do: kind, key });
  const isSettled = state === 'dead' || state === 'done';
  return [
    isSettled && markup`<a class="button" href="${link('replay')}">Replay…</a>`,
    state === 'dead' && markup`<a class="button danger" href="${link('discard')}">Discard…</a>`,
  ];
}

const SOURCES = {
  webhook: 'a webhook',
  return: 'a customer who came back: the API said so',
  recovery: 'recovery: the API said so',
} as const;

function factList({ delivery, now }: DeliveryFacts): Markup {
  const { subject, reference, id, version, source, duplicates, started, finished } = delivery;
  const { succeeded, holder, leaseUntil, state, at, raw } = delivery;
  const facts: readonly Fact[] = [
    [
      'Transaction',
      markup`<a class="mono" href="${linkTo({ view: 'deliveries', subject })}">${subject}</a>`,
    ],
    [
      'Reference',
      reference !== undefined &&
        markup`<a href="${linkTo({ view: 'deliveries', reference })}"><bdi>${reference}</bdi></a>`,
    ],
    ['Event id', markup`<span class="mono all">${id}</span>`],
    ['Came by', `${SOURCES[source]} (${version})`],
    ['Seen as duplicate', duplicates !== undefined && times(duplicates)],
    ['Attempts', `${started} begun, ${finished} ended`],
    ['Succeeded', succeeded.length > 0 && succeeded.join(', ')],
    ['Held by', state === 'running' && (holder ?? 'not said')],
    ['Lease until', state === 'running' && leaseUntil !== undefined && moment(leaseUntil, now)],
    ['Next attempt', state === 'due' && moment(at, now)],
    ['Size', raw.length > 0 && `${raw.length.toLocaleString('en-US')} bytes`],
  ];
  return factTable(facts);
}

function times(number: number): string {
  return number === 1 ? 'once' : `${number.toLocaleString('en-US')} times`;
}

function timeline(facts: DeliveryFacts): Markup {
  const { delivery, now } = facts;
  const { receivedAt, recordedAt, attempts = [], webhook, state, at, unhandled, dead } = delivery;
  const left = delivery.finished - attempts.length;
  return markup`<ol class="time">
    <li>Received <span class="sub">${moment(receivedAt, now)}</span></li>
    <li>
      ${dead === undefined ? 'Recorded' : 'Recorded as a dead letter: it could not be read'}
      <span class="sub">${moment(recordedAt, now)}</span>
    </li>
    ${webhook !== undefined && markup`<li>Its webhook came after a look had recorded it <span class="sub">${moment(webhook.receivedAt, now)}</span></li>`}${left > 0 && markup`<li class="quiet">${left} earlier ${left === 1 ? 'attempt is' : 'attempts are'} not kept in detail</li>`}${attempts.map(
      (attempt, index) => [
        index > 0 &&
          attempt.number <= (attempts[index - 1]?.number ?? 0) &&
          markup`<li>Replayed</li>`,
        attemptItem(attempt, index, facts),
      ],
    )}${ending(state, unhandled === true, moment(at, now))}
  </ol>`;
}

function ending(state: StoredDelivery['state'], unhandled: boolean, when: Markup): Markup {
  if (state === 'done')
    return markup`<li class="good">
      ${unhandled ? 'Done without a handler' : 'Completed'} <span class="sub">${when}</span>
    </li>`;
  if (state === 'dead')
    return markup`<li class="bad">Dead letter <span class="sub">${when}</span></li>`;
  if (state === 'running')
    return markup`<li class="run">An attempt runs <span class="sub">since ${when}</span></li>`;
  return markup`<li class="run">Due <span class="sub">${when}</span></li>`;
}

const OUTCOMES: Readonly<Record<string, readonly [string, string]>> = {
  done: ['good', 'done'],
  retried: ['bad', 'failed, tried again'],
  dead: ['bad', 'failed for good'],
  released: ['', 'handed back, not counted'],
};

function attemptItem(attempt: AttemptRecord, index: number, facts: DeliveryFacts): Markup {
  const { number, outcome, startedAt, durationMs, holder, handlers } = attempt;
  const [colour, said] = OUTCOMES[outcome] ?? ['', outcome];
  const by = holder === undefined ? '' : ` by ${holder}`;
  return markup`<li class="${colour}">
    Attempt ${number}: ${said}
    <span class="sub">${moment(startedAt, facts.now)}, took ${duration(durationMs)}${by}</span>${
      handlers.length > 0 &&
      markup`<ul>
        ${handlers.map((handler, place) => handlerItem(handler, `stack-${index}-${place}`, facts))}
      </ul>`
    }
  </li>`;
}

function handlerItem(handler: HandlerRecord, id: string, facts: DeliveryFacts): Markup {
  const { handler: name, durationMs, error, stack } = handler;
  const head = markup`<span class="mono">${name}</span>
    <span class="quiet">${duration(durationMs)}${error === undefined ? ', succeeded' : ''}</span>`;
  return markup`<li>
    ${head}${error !== undefined && markup`<div class="msg"><bdi>${masked(error, facts)}</bdi></div>`}${
      stack !== undefined &&
      markup`<details id="${id}">
        <summary>Stack</summary>
        <pre>${masked(stack, facts)}</pre>
      </details>`
    }
  </li>`;
}

function bodySection(facts: DeliveryFacts): Content {
  const { delivery, revealed, tokenFor } = facts;
  const { key, raw, webhook } = delivery;
  if (raw.length === 0 && webhook === undefined)
    return markup`<section aria-labelledby="body-title">
      <div class="head"><h2 id="body-title">Body</h2></div>
      <div class="pad quiet"><p>It is not kept any more: only the key is.</p></div>
    </section>`;
  const form = markup`<form method="post">
    <input type="hidden" name="do" value="reveal" /><input
      type="hidden"
      name="key"
      value="${key}"
    /><input type="hidden" name="token" value="${tokenFor(revealPurpose(key))}" /><button>
      Show what is masked
    </button>
  </form>`;
  const end = revealed
    ? markup`<a class="button" href="${linkTo({ key })}">Mask it again</a>`
    : form;
  const bodies = [
    ['Body', raw],
    ['Body of the webhook that came later', webhook?.raw],
  ] as const;
  return bodies.map(
    ([title, bytes], index) =>
      bytes !== undefined &&
      markup`<section aria-labelledby="body-${index}">
        <div class="head">
          <h2 id="body-${index}">${title}</h2>
          <span class="quiet">${revealed ? 'Personal data is shown. That is in the log, with your name.' : 'Personal data is masked. Showing it goes into the log, with your name.'}</span>${index === 0 && markup`<div class="end">${end}</div>`}
        </div>
        ${bodyOf(bytes, revealed)}
      </section>`,
  );
}

const LONGEST_TEXT = 50_000;

function bodyOf(bytes: Uint8Array, revealed: boolean): Markup {
  const parsed = parseJson(Buffer.from(bytes));
  if (!parsed.ok) {
    const text = Buffer.from(bytes).toString('utf8').slice(0, LONGEST_TEXT);
    return revealed
      ? markup`<pre tabindex="0">${text}</pre>`
      : markup`<div class="pad quiet">
          <p>This is no JSON, so that nothing of it is known to be harmless.</p>
        </div>`;
  }
  const { shown, isCut } = showBody(parsed.value, revealed);
  return markup`<pre tabindex="0">${shown}${isCut && '\n… the rest is left out here'}</pre>`;
}

/** Of these a delivery keeps, what tells nothing about a person and opens no door. */
const HARMLESS_HEADERS: ReadonlySet<string> = new Set([
  'qbitflow-event-id',
  'qbitflow-event-type',
  'qbitflow-webhook-version',
  'x-webhook-id',
  'x-webhook-timestamp',
  'traceparent',
]);

function headersSection({ delivery, revealed }: DeliveryFacts): Content {
  const entries = Object.entries(delivery.webhook?.headers ?? delivery.headers);
  if (entries.length === 0) return undefined;
  return markup`<section aria-labelledby="headers-title">
    <div class="head"><h2 id="headers-title">Headers</h2></div>
    <div class="pad">
      <dl>
        ${entries.map(
          ([name, value]) =>
            markup`<dt class="mono">${name}</dt>
              <dd class="mono">${revealed || HARMLESS_HEADERS.has(name) ? value : '••••'}</dd>`,
        )}
      </dl>
    </div>
  </section>`;
}
