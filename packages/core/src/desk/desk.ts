import { asError } from '../as-error.js';
import { isQBitFlowError } from '../errors.js';
import { originForm, type HttpRequest, type HttpResponse } from '../http/http.js';
import type { QBitFlow } from '../kit.js';
import type { Runtime } from '../runtime.js';
import { readRawBody } from '../webhook/body.js';
import { askAuthorize, fromThisMachine, type Refused } from './access.js';
import {
  actionPage,
  confirmPage,
  confirmPurpose,
  messagePage,
  undoPurpose,
} from './action-pages.js';
import { createChanges } from './changes.js';
import { type ApiAnswer, askPurpose, deliveryPage, revealPurpose } from './delivery-page.js';
import type { DeskOptions } from './desk-options.js';
import { fieldsOf, filterFieldsOf, linkTo, readFilter, type ActionKind } from './desk-query.js';
import { createHeldActions, type ActionTarget } from './held-actions.js';
import { type DeskPage, type Frame, pageResponse, plainResponse, seeOther } from './layout.js';
import { listPage } from './list-page.js';
import { nowPage } from './now-page.js';
import { createPageTokens, isFromElsewhere } from './page-token.js';

/** What the desk asks of the kit. */
export type DeskKit = Pick<QBitFlow, 'deliveries' | 'getStatus'>;

/** The operator's desk of one kit. */
export interface Desk {
  /** Answers one request, completely. Never rejects. */
  handle(request: HttpRequest, options: DeskOptions): Promise<HttpResponse>;
  close(): void;
}

const PAGE = 50;
const MOST_SHOWN = 10;
const MOST_COUNTED = 1_000;
const BODY_LIMITS = { bodyLimitBytes: 65_536, bodyTimeoutMs: 10_000 } as const;
/** Refusals are logged once in a minute: anyone can cause one. */
const QUIET_MS = 60_000;

type Fields = ReadonlyMap<string, string>;

/** The desk. Every page is one address with a query, so that it works wherever it is mounted. */
export function createDesk(runtime: Runtime, { deliveries, getStatus }: DeskKit): Desk {
  const { clock, store, diagnostics, settings } = runtime;
  const tokens = createPageTokens(clock, settings.secrets?.[0]);
  const actions = createHeldActions(runtime, deliveries);
  const changes = createChanges(runtime, deliveries);
  let quietUntil = 0;

  async function handle(request: HttpRequest, { authorize }: DeskOptions): Promise<HttpResponse> {
    const { method } = request;
    if (method !== 'GET' && method !== 'HEAD' && method !== 'POST')
      return plainResponse(405, 'The desk answers GET, HEAD and POST only.', {
        allow: 'GET, HEAD, POST',
      });
    const access =
      authorize === undefined
        ? fromThisMachine(request)
        : await askAuthorize(runtime, request, authorize);
    if (!access.allowed) return refuse(access.why);
    const fields = fieldsOf(queryOf(request.url));
    const notice = authorize === undefined ? LOOPBACK_ONLY : undefined;
    const frame: Frame = { operator: access.operator, notice, fields };
    try {
      const answer =
        method === 'POST' ? await act(request, frame) : await look(fields, frame.operator);
      const response = 'main' in answer ? pageResponse(answer, frame) : answer;
      return method === 'HEAD' ? { ...response, body: '' } : response;
    } catch (thrown) {
      return pageResponse(troublePage(thrown), frame);
    }
  }

  function refuse(why: Refused): HttpResponse {
    const now = clock.now();
    if (now >= quietUntil) {
      quietUntil = now + QUIET_MS;
      diagnostics.log('desk_refused', { why });
    }
    return plainResponse(403, REFUSALS[why]);
  }

  function troublePage(thrown: unknown): DeskPage {
    const err = asError(thrown);
    if (isQBitFlowError(err) && (err.code === 'misconfigured' || err.code === 'body_too_large'))
      return messagePage(400, 'That cannot be shown', err.message);
    diagnostics.log('desk_failed', { err });
    return messagePage(
      503,
      'The store does not answer',
      `What is in the inbox cannot be told now: ${err.message}`,
    );
  }

  async function look(fields: Fields, operator: string): Promise<DeskPage | HttpResponse> {
    const key = fields.get('key');
    const view = fields.get('view') ?? (key === undefined ? 'now' : 'delivery');
    switch (view) {
      case 'now':
        return showNow(fields);
      case 'deliveries':
        return showList(fields);
      case 'delivery':
        return showDelivery(key ?? '', operator);
      case 'find':
        return find((fields.get('q') ?? '').trim());
      case 'confirm':
        return confirm(fields, operator);
      case 'action':
        return showAction(fields.get('id') ?? '', operator);
      case 'events':
        return changes.follow() ?? plainResponse(503, 'Too many pages are open.');
      default:
        return messagePage(
          404,
          'There is no such page',
          'The address names none of the desk’s pages.',
        );
    }
  }

  async function showNow(fields: Fields): Promise<DeskPage> {
    const begun = clock.now();
    const stats = await deliveries.stats();
    const answeredInMs = clock.now() - begun;
    const [activity, running, dead] = await Promise.all([
      deliveries.activity(),
      deliveries.list({ state: 'running', limit: MOST_SHOWN }),
      deliveries.list({ state: 'dead', limit: 5 }),
    ]);
    return nowPage({
      now: clock.now(),
      span: fields.get('span') === 'day' ? 'day' : 'hour',
      store: { name: store.name, durable: store.durable, answeredInMs },
      stats,
      activity,
      running: running.items,
      dead: dead.items,
    });
  }

  async function showList(query: Fields): Promise<DeskPage> {
    const fields = filterFieldsOf(query);
    const cursor = query.get('cursor');
    const read = readFilter(fields, clock);
    const page = read.ok
      ? await deliveries.list({ ...read.filter, limit: PAGE, cursor })
      : undefined;
    return listPage({ now: clock.now(), fields, cursor, read, page });
  }

  async function showDelivery(
    key: string,
    operator: string,
    asked: { readonly revealed?: boolean; readonly api?: ApiAnswer } = {},
  ): Promise<DeskPage> {
    const delivery = await deliveries.get(key);
    if (delivery === undefined) return messagePage(404, 'There is no such delivery', GONE);
    return deliveryPage({
      now: clock.now(),
      delivery,
      revealed: asked.revealed === true,
      api: asked.api,
      tokenFor: (purpose) => tokens.issue(operator, purpose),
    });
  }

  /** By key, by transaction with or without its prefix, by the merchant's reference. */
  async function find(text: string): Promise<DeskPage | HttpResponse> {
    if (text === '') return seeOther(linkTo({ view: 'deliveries' }));
    const isPrintable = /^[\x21-\x7e]{1,512}$/.test(text);
    if (isPrintable && (await deliveries.get(text)) !== undefined)
      return seeOther(linkTo({ key: text }));
    const subjects = isPrintable ? [text, `pay@${text}`, `sub@${text}`] : [];
    for (const subject of subjects)
      if (await isAny({ subject })) return seeOther(linkTo({ view: 'deliveries', subject }));
    if (text.length <= 256 && (await isAny({ reference: text })))
      return seeOther(linkTo({ view: 'deliveries', reference: text }));
    return messagePage(404, 'Nothing was found', NOTHING_FOUND);
  }

  async function isAny(filter: Parameters<typeof deliveries.list>[0]): Promise<boolean> {
    const { items } = await deliveries.list({ ...filter, limit: 1 });
    return items.length > 0;
  }

  async function confirm(query: Fields, operator: string): Promise<DeskPage> {
    const kind = kindOf(query);
    const key = query.get('key');
    if (kind === undefined)
      return messagePage(404, 'There is no such action', 'Replay or discard.');
    if (key !== undefined) {
      if ((await deliveries.get(key)) === undefined)
        return messagePage(404, 'There is no such delivery', GONE);
      return confirmPage({ kind, key }, tokens.issue(operator, confirmPurpose(kind, { key })));
    }
    const target = targetOf(kind, query);
    if (!('filter' in target)) return target;
    const found = await deliveries.list({ ...target.filter, limit: MOST_COUNTED });
    const { fields } = target;
    return confirmPage(
      { kind, fields, found },
      tokens.issue(operator, confirmPurpose(kind, fields)),
    );
  }

  /** What is to be done to all that match; a page where that cannot be. */
  function targetOf(
    kind: ActionKind,
    query: Fields,
  ): Exclude<ActionTarget, { key: string }> | DeskPage {
    const fields = filterFieldsOf(query);
    const read = readFilter(fields, clock);
    if (!read.ok)
      return messagePage(400, 'That is no filter', Object.values(read.problems).join('. '));
    const states: readonly string[] = kind === 'discard' ? ['dead'] : ['dead', 'done', 'unhandled'];
    if (!states.includes(fields.state ?? ''))
      return messagePage(
        400,
        'That cannot be done to all',
        `Say which: state ${states.join(', ')}.`,
      );
    return { fields, filter: read.filter };
  }

  async function showAction(id: string, operator: string): Promise<DeskPage> {
    const action = await actions.find(id);
    if (action === undefined) return messagePage(404, 'There is no such action', ACTION_UNKNOWN);
    return actionPage(action, clock.now(), tokens.issue(operator, undoPurpose(id)));
  }

  async function act(request: HttpRequest, { operator }: Frame): Promise<DeskPage | HttpResponse> {
    if (isFromElsewhere(request)) return forged('elsewhere');
    const form = await readForm(request);
    const key = form.get('key');
    const id = form.get('id') ?? '';
    const kind = kindOf(form);
    const isFor = (purpose: string): boolean =>
      tokens.isGenuine(form.get('token') ?? '', operator, purpose);
    const asked = form.get('do');
    if (asked === 'ask')
      return key !== undefined && isFor(askPurpose(key)) ? ask(key, operator) : forged('token');
    if (asked === 'reveal')
      return key !== undefined && isFor(revealPurpose(key))
        ? reveal(key, operator)
        : forged('token');
    if (asked === 'undo') {
      if (!isFor(undoPurpose(id))) return forged('token');
      await actions.undo(id, operator);
      return seeOther(linkTo({ view: 'action', id }));
    }
    if (kind === undefined) return messagePage(400, 'There is no such action', 'Nothing was done.');
    const purpose = confirmPurpose(kind, key === undefined ? filterFieldsOf(form) : { key });
    if (!isFor(purpose)) return forged('token');
    return hold(kind, key === undefined ? targetOf(kind, form) : { key }, operator);
  }

  async function reveal(key: string, operator: string): Promise<DeskPage> {
    diagnostics.log('desk_revealed', { key, by: operator });
    return showDelivery(key, operator, { revealed: true });
  }

  function hold(
    kind: ActionKind,
    target: ActionTarget | DeskPage,
    by: string,
  ): DeskPage | HttpResponse {
    if ('main' in target) return target;
    const held = actions.hold({ kind, target, by });
    return held === undefined
      ? messagePage(503, 'Too much at once', 'Two hundred actions wait already. Nothing was done.')
      : seeOther(linkTo({ view: 'action', id: held.id }));
  }

  async function ask(key: string, operator: string): Promise<DeskPage> {
    const delivery = await deliveries.get(key);
    if (delivery === undefined) return messagePage(404, 'There is no such delivery', GONE);
    const api = await askApi(delivery.subject);
    return showDelivery(key, operator, { api });
  }

  async function askApi(uuid: string): Promise<ApiAnswer> {
    try {
      const report = await getStatus({ uuid });
      return report === undefined ? { kind: 'none' } : { kind: 'report', report };
    } catch (thrown) {
      return { kind: 'failed', message: asError(thrown).message };
    }
  }

  function forged(why: string): DeskPage {
    diagnostics.log('desk_forged', { why });
    return messagePage(
      403,
      'Nothing was done',
      'The form did not come from a page of this desk that was opened by you within the last twelve hours. Open the page again and repeat it there.',
    );
  }

  async function readForm(request: HttpRequest): Promise<Fields> {
    const body = await readRawBody(request, { clock, ...BODY_LIMITS });
    if (body.kind === 'bytes') return fieldsOf(body.bytes.toString('utf8'));
    const parsed = typeof body.value === 'object' && body.value !== null ? body.value : {};
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(parsed))
      if (typeof value === 'string') query.set(name, value);
    return fieldsOf(query.toString());
  }

  return {
    handle,
    close() {
      actions.close();
      changes.close();
    },
  };
}

function queryOf(url: string): string {
  return /\?([^#]*)/.exec(originForm(url))?.[1] ?? '';
}

function kindOf(fields: Fields): ActionKind | undefined {
  const kind = fields.get('do');
  return kind === 'replay' || kind === 'discard' ? kind : undefined;
}

const REFUSALS: Readonly<Record<Refused, string>> = {
  authorize: 'You may not see this page.',
  proxied:
    'This desk was mounted without `authorize`, so that it answers to this machine alone. The request came through a proxy, behind which every client looks like this machine: give deliveriesDesk an `authorize`.',
  remote:
    'This desk was mounted without `authorize`, so that it answers to this machine alone: give deliveriesDesk an `authorize`.',
  host: 'This desk was mounted without `authorize`, so that it answers to this machine alone, under a name of its own: open it as http://localhost or http://127.0.0.1, or give deliveriesDesk an `authorize`.',
};

const LOOPBACK_ONLY =
  'This desk was mounted without authorize: it answers to this machine only, and to nobody who comes through a proxy.';
const GONE =
  'No delivery has this key, or it was forgotten: keys are dropped some time after bodies are.';
const NOTHING_FOUND =
  'No delivery has this key, transaction or reference. Either it never reached this shop (compare with QBitFlow’s own event log, and with recover()), or it was forgotten.';
const ACTION_UNKNOWN =
  'It was asked for long ago, or in another process that does not share a store of notes with this one. A process that ended before the ten seconds were over has done nothing.';
