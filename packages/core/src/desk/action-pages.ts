import type { Clock } from '../clock.js';
import type { DeliveryPage } from '../store/durable-store.js';
import {
  type ActionKind,
  type Fields,
  FILTER_LABELS,
  FILTER_NAMES,
  type FilterFields,
  filterFieldsOf,
  linkTo,
  readFilter,
} from './desk-query.js';
import { type ActionTarget, type HeldAction, isOver, UNDO_MS } from './held-actions.js';
import type { DeskPage } from './layout.js';
import { factTable, markup, type Content, type Fact, type Markup } from './markup.js';
import { count, deliveries, duration } from './words.js';

/** What is about to be done. */
export type Asked =
  | { readonly kind: ActionKind; readonly key: string }
  | {
      readonly kind: ActionKind;
      readonly fields: FilterFields;
      /** The first of what the filter finds. */
      readonly found: DeliveryPage;
    };

const VERBS: Readonly<Record<ActionKind, readonly [string, string]>> = {
  replay: ['Replay', 'replayed'],
  discard: ['Discard', 'discarded'],
};

/** Says what will happen, and asks. The form's token is good for just that. */
export function confirmPage(asked: Asked, token: string): DeskPage {
  const { kind } = asked;
  const [verb] = VERBS[kind];
  const what = 'key' in asked ? 'this delivery' : foundOf(asked.found);
  const title = `${verb} ${what}?`;
  const back = 'key' in asked ? { key: asked.key } : { view: 'deliveries', ...asked.fields };
  return {
    title,
    view: 'confirm',
    main: markup`<h1>${title}</h1>
      <p class="lead">
        ${'key' in asked ? markup`<span class="mono">${asked.key}</span>` : 'All that match the filter at that moment, on all pages.'}
      </p>
      <section aria-label="Confirmation">
        <div class="pad">
          ${'key' in asked ? undefined : factTable(namedParts(asked.fields))}
          <p>${consequence(kind)}</p>
          <p class="quiet">It begins after ${duration(UNDO_MS)}: until then it can be undone.</p>
          <form method="post" class="row">
            <input
              type="hidden"
              name="do"
              value="${kind}"
            />${'key' in asked ? hidden('key', asked.key) : FILTER_NAMES.map((name) => hidden(name, asked.fields[name]))}<input
              type="hidden"
              name="token"
              value="${token}"
            /><button class="${kind === 'discard' ? 'danger' : 'go'}">${verb} ${what}</button
            ><a class="button" href="${linkTo(back)}">Cancel</a>
          </form>
        </div>
      </section>`,
  };
}

function foundOf({ items, nextCursor }: DeliveryPage): string {
  return deliveries(items.length, nextCursor !== undefined);
}

function consequence(kind: ActionKind): string {
  return kind === 'discard'
    ? 'Its body is dropped for good and no handler sees it again. The key stays known, so that the event is not taken for a new one.'
    : 'It becomes due now, and a worker takes it. Of a dead letter the handlers that succeeded are not called again; of a done delivery all are: they must bear that.';
}

function hidden(name: string, value: string | undefined): Content {
  return value !== undefined && markup`<input type="hidden" name="${name}" value="${value}" />`;
}

/** What a filter asks for, by the names that its form has. */
function namedParts(fields: FilterFields): readonly Fact[] {
  return FILTER_NAMES.map((name) => [FILTER_LABELS[name], fields[name]]);
}

/** Where an action stands: while it can be undone, and what became of it. */
export function actionPage(action: HeldAction, now: number, token: string): DeskPage {
  const { kind, target, by, id } = action;
  const [verb, past] = VERBS[kind];
  return {
    title: `${verb}: ${STATES[action.state]}`,
    view: 'action',
    liveSeconds: isOver(action) ? undefined : 1,
    main: markup`<h1>${verb}</h1>
      <p class="lead">${targetOf(target)}</p>
      <div data-part="state" role="status">${stateOf(action, now, past)}</div>
      <div data-part="undo">
        ${
          action.state === 'held' &&
          markup`<form method="post" class="row gap">
              <input type="hidden" name="do" value="undo" /><input
                type="hidden"
                name="id"
                value="${id}"
              /><input type="hidden" name="token" value="${token}" /><button class="go">
                Undo
              </button>
            </form>`
        }
      </div>
      <p class="quiet">
        Asked by <bdi>${by}</bdi>.
        <a href="${backLink(target)}">Back to ${'key' in target ? 'the delivery' : 'the list'}</a>
      </p>`,
  };
}

const STATES: Readonly<Record<HeldAction['state'], string>> = {
  held: 'begins soon',
  undoing: 'is being undone',
  running: 'running',
  done: 'done',
  undone: 'undone',
  failed: 'failed',
};

function targetOf(target: ActionTarget): Content {
  if ('key' in target) return markup`<span class="mono">${target.key}</span>`;
  const parts = namedParts(target.fields).filter(([, value]) => value !== undefined);
  return [
    'All that match: ',
    parts.map(([name, value], index) => [
      index > 0 && ', ',
      name,
      ' ',
      markup`<bdi>${value}</bdi>`,
    ]),
  ];
}

function backLink(target: ActionTarget): string {
  return 'key' in target
    ? linkTo({ key: target.key })
    : linkTo({ view: 'deliveries', ...target.fields });
}

function stateOf(action: HeldAction, now: number, past: string): Markup {
  const { state, runsAt, undoneBy, problem } = action;
  const said: Readonly<Record<HeldAction['state'], () => Markup>> = {
    held: () => held(Math.max(0, Math.ceil((runsAt - now) / 1_000))),
    undoing: () =>
      markup`<div class="note">
        <p>
          <b>It is being undone</b> by <bdi>${undoneBy}</bdi>: the process that holds it has been
          told.
        </p>
      </div>`,
    running: () =>
      markup`<div class="note">
        <p><b>It is running.</b></p>
      </div>`,
    undone: () =>
      markup`<div class="note good">
        <p><b>Undone</b> by <bdi>${undoneBy}</bdi>. Nothing was changed.</p>
      </div>`,
    failed: () =>
      markup`<div class="note bad">
        <p><b>It failed</b>, perhaps after some were ${past}:</p>
        <p><bdi>${problem}</bdi></p>
      </div>`,
    done: () => done(action, past),
  };
  return said[state]();
}

function held(seconds: number): Markup {
  return markup`<div class="note">
    <p>
      <b>${seconds === 0 ? 'It is about to begin.' : `It begins in ${seconds} s.`}</b> Nothing has
      happened yet. It is held by one process: if that ends before, nothing happens at all.
    </p>
  </div>`;
}

function done({ outcome = { matched: 0, changed: 0 } }: HeldAction, past: string): Markup {
  const { matched, changed } = outcome;
  const rest = matched - changed;
  return markup`<div class="note ${changed > 0 ? 'good' : 'warn'}">
    <p>
      <b>${count(changed)} of ${deliveries(matched)} ${past}.</b
      >${rest > 0 && ` ${count(rest)} ${rest === 1 ? 'was' : 'were'} left alone: in another state by then, still unreadable, or not for this kit.`}
    </p>
  </div>`;
}

/** What is to be done to all that match; a page where that cannot be. */
export function bulkTarget(
  kind: ActionKind,
  query: Fields,
  clock: Clock,
): Exclude<ActionTarget, { key: string }> | DeskPage {
  const fields = filterFieldsOf(query);
  const read = readFilter(fields, clock);
  if (!read.ok)
    return messagePage(400, 'That is no filter', Object.values(read.problems).join('. '));
  const states: readonly string[] = kind === 'discard' ? ['dead'] : ['dead', 'done', 'unhandled'];
  if (!states.includes(fields.state ?? ''))
    return messagePage(400, 'That cannot be done to all', `Say which: state ${states.join(', ')}.`);
  return { fields, filter: read.filter };
}

/** A page that only says something. */
export function messagePage(status: number, title: string, text: Content): DeskPage {
  return {
    status,
    title,
    view: 'confirm',
    main: markup`<h1>${title}</h1>
      <div class="note ${status < 400 ? '' : 'bad'}"><p>${text}</p></div>
      <p><a href="?">To the first page</a></p>`,
  };
}
