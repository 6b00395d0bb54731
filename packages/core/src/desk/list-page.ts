import type { DeliveryPage, StoredDelivery } from '../store/durable-store.js';
import {
  FILTER_LABELS,
  type FilterFields,
  type FilterName,
  linkTo,
  type ReadFilter,
  STATES,
} from './desk-query.js';
import type { DeskPage } from './layout.js';
import { markup, type Content, type Markup } from './markup.js';
import { maskEmails } from './mask.js';
import { away, firstLine, moment } from './words.js';

/** What a page of deliveries shows. */
export interface ListFacts {
  readonly now: number;
  readonly fields: FilterFields;
  readonly cursor: string | undefined;
  readonly read: ReadFilter;
  /** Absent where the filter was not understood. */
  readonly page: DeliveryPage | undefined;
}

/** The form, what it finds, and what can be done to all of that. */
export function listPage(facts: ListFacts): DeskPage {
  const { fields, read, cursor } = facts;
  const title = fields.state === 'dead' ? 'Dead letters' : 'Deliveries';
  return {
    status: read.ok ? 200 : 400,
    title,
    view: 'deliveries',
    liveSeconds: cursor === undefined && read.ok ? 10 : undefined,
    main: markup`<h1>${title}</h1>
      <p class="lead">
        The newest first. What is asked for stands in the address: copy it to share it.
      </p>
      ${filterForm(facts)}
      <div data-part="list">${results(facts)}</div>`,
  };
}

const HINTS: Partial<Readonly<Record<FilterName, string>>> = {
  type: 'payment.completed',
  subject: 'pay@…',
  from: '2026-11-28T09:00 or -24h',
  until: '2026-11-28T12:00 or -1h',
};

function filterForm({ fields, read }: ListFacts): Markup {
  const problems = read.ok ? {} : read.problems;
  const field = (name: FilterName): Markup => {
    const problem = problems[name];
    const said =
      problem !== undefined && markup` aria-invalid="true" aria-describedby="${name}-wrong"`;
    return markup`<label${problem !== undefined && markup` class="wrong"`}>${FILTER_LABELS[name]}<input name="${name}" value="${fields[name]}" maxlength="512" autocomplete="off" placeholder="${HINTS[name]}"${said}>${problem !== undefined && markup`<em id="${name}-wrong">${problem}</em>`}</label>`;
  };
  const since = (from: string): string =>
    linkTo({ view: 'deliveries', ...fields, from, until: '' });
  return markup`<section aria-label="Filter">
    <form class="pad filter">
      <input type="hidden" name="view" value="deliveries" /><label
        >${FILTER_LABELS.state}<select name="state">
          <option value="">Any</option>
          ${STATES.map((state) => markup`<option${fields.state === state && markup` selected`}>${state}</option>`)}
        </select>${problems.state !== undefined && markup`<em>${problems.state}</em>`}</label
      >${(['type', 'subject', 'reference', 'error', 'from', 'until'] as const).map(field)}
      <div class="row">
        <button class="go">Show</button
        ><a class="button" href="${linkTo({ view: 'deliveries' })}">Clear</a
        ><span class="quiet"
          >Recorded in the last <a href="${since('-1h')}">hour</a>,
          <a href="${since('-24h')}">24 hours</a>, <a href="${since('-7d')}">7 days</a></span
        >
      </div>
    </form>
  </section>`;
}

function results(facts: ListFacts): Content {
  const { page, fields, cursor } = facts;
  if (page === undefined) return undefined;
  const { items, nextCursor } = page;
  const first = linkTo({ view: 'deliveries', ...fields });
  const older = linkTo({ view: 'deliveries', ...fields, cursor: nextCursor });
  const pager =
    (cursor !== undefined || nextCursor !== undefined) &&
    markup`<nav class="pager" aria-label="Pages of deliveries">
      ${cursor !== undefined && markup`<a class="button" href="${first}">Newest</a>`}${nextCursor !== undefined && markup`<a class="button" href="${older}" rel="next">${items.length === 0 ? 'Look further back' : 'Older'}</a>`}
    </nav>`;
  const body = items.length === 0 ? nothing(nextCursor !== undefined) : table(items, facts.now);
  return markup`<section aria-labelledby="found">
    <div class="head">
      <h2 id="found">${headline(facts)}</h2>
      <div class="end">${bulkActions(facts)}</div>
    </div>
    ${body}${pager}
  </section>`;
}

function headline({ page, cursor }: ListFacts): string {
  const shown = page?.items.length ?? 0;
  if (cursor === undefined && page?.nextCursor === undefined) return `${shown} found`;
  return `${shown} on this page`;
}

function nothing(isSearched: boolean): Markup {
  return markup`<div class="pad quiet">
    <p>
      ${isSearched ? 'Nothing among those that were looked at: there are older ones.' : 'No delivery is like that.'}
    </p>
  </div>`;
}

/** Only what a bulk action can touch gets a button: dead ones, done ones, unhandled ones. */
function bulkActions({ fields, page }: ListFacts): Content {
  if (page === undefined || page.items.length === 0) return undefined;
  const { state } = fields;
  const link = (kind: string): string => linkTo({ view: 'confirm', do: kind, ...fields });
  const mayReplay = state === 'dead' || state === 'done' || state === 'unhandled';
  return [
    mayReplay && markup`<a class="button" href="${link('replay')}">Replay all that match…</a>`,
    state === 'dead' &&
      markup`<a class="button danger" href="${link('discard')}">Discard all that match…</a>`,
  ];
}

function table(items: readonly StoredDelivery[], now: number): Markup {
  return markup`<div class="scroll">
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Event</th>
          <th scope="col">Transaction</th>
          <th scope="col">Last error</th>
          <th scope="col">Recorded</th>
        </tr>
      </thead>
      <tbody>
        ${items.map((item) => row(item, now))}
      </tbody>
    </table>
  </div>`;
}

function row(item: StoredDelivery, now: number): Markup {
  const { key, type, subject, reference, lastError, recordedAt, finished, duplicates = 0 } = item;
  const tries = [
    finished > 1 && `${finished} attempts`,
    duplicates > 0 && `came again ${duplicates} ${duplicates === 1 ? 'time' : 'times'}`,
  ].filter((part) => part !== false);
  return markup`<tr>
    <td class="tight">${badge(item, now)}</td>
    <td>
      <a href="${linkTo({ key })}">${type}</a
      >${tries.length > 0 && markup`<span class="sub">${tries.join(', ')}</span>`}
    </td>
    <td>
      <span class="mono">${subject}</span
      >${reference !== undefined && markup`<span class="sub">Order <bdi>${reference}</bdi></span>`}
    </td>
    <td class="err"><bdi>${firstLine(maskEmails(lastError ?? ''), 140)}</bdi></td>
    <td class="tight">${moment(recordedAt, now)}</td>
  </tr>`;
}

/** A delivery's state as a badge; a due one that waits for its next attempt says when that is. */
export function badge({ state, unhandled, at }: StoredDelivery, now: number): Markup {
  if (unhandled === true) return markup`<span class="badge unhandled">unhandled</span>`;
  const waits = state === 'due' && at > now + 1_000;
  return markup`<span class="badge ${state}">${state}${waits && ` ${away(at, now)}`}</span>`;
}
