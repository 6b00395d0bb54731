import type { QBitFlow } from '../kit.js';
import type { HttpResponse } from '../http/http.js';
import type { Runtime } from '../runtime.js';
import { actionPage, bulkTarget, confirmPage, messagePage } from './action-pages.js';
import { askApi, whyNotAsked } from './ask-api.js';
import { deliveryPage } from './delivery-page.js';
import { type Fields, filterFieldsOf, kindOf, linkTo, readFilter } from './desk-query.js';
import type { HeldActions } from './held-actions.js';
import { type DeskPage, seeOther } from './layout.js';
import { listPage } from './list-page.js';
import { nowPage } from './now-page.js';
import { confirmPurpose, type PageTokens, undoPurpose } from './page-token.js';

/** The pages that are looked at: none of them changes anything. All reject when the store does not answer. */
export interface DeskViews {
  /** The page that an address names, for this operator. */
  look(fields: Fields, operator: string): Promise<DeskPage | HttpResponse>;
  /** One delivery with what was asked for by a click: what is masked, or what the API says of it now. */
  delivery(key: string, operator: string, wish?: DeliveryWish): Promise<DeskPage>;
}

/** What a click asks of a delivery's page. */
export type DeliveryWish = 'reveal' | 'ask';

const PAGE = 50;
const MOST_SHOWN = 10;
const MOST_COUNTED = 1_000;

/** The views of one desk. */
export function createDeskViews(
  runtime: Runtime,
  deliveries: QBitFlow['deliveries'],
  actions: Pick<HeldActions, 'find'>,
  tokens: Pick<PageTokens, 'issue'>,
): DeskViews {
  const { clock, store } = runtime;

  async function look(fields: Fields, operator: string): Promise<DeskPage | HttpResponse> {
    const key = fields.get('key');
    const view = fields.get('view') ?? (key === undefined ? 'now' : 'delivery');
    switch (view) {
      case 'now':
        return showNow(fields);
      case 'deliveries':
        return showList(fields);
      case 'delivery':
        return delivery(key ?? '', operator);
      case 'find':
        return find((fields.get('q') ?? '').trim());
      case 'confirm':
        return confirm(fields, operator);
      case 'action':
        return showAction(fields.get('id') ?? '', operator);
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

  async function delivery(key: string, operator: string, wish?: DeliveryWish): Promise<DeskPage> {
    const found = await deliveries.get(key);
    if (found === undefined) return messagePage(404, 'There is no such delivery', GONE);
    return deliveryPage({
      now: clock.now(),
      delivery: found,
      revealed: wish === 'reveal',
      api: wish === 'ask' ? await askApi(runtime, found) : whyNotAsked(runtime, found),
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
    const target = bulkTarget(kind, query, clock);
    if (!('filter' in target)) return target;
    const found = await deliveries.list({ ...target.filter, limit: MOST_COUNTED });
    const { fields } = target;
    return confirmPage(
      { kind, fields, found },
      tokens.issue(operator, confirmPurpose(kind, fields)),
    );
  }

  async function showAction(id: string, operator: string): Promise<DeskPage> {
    const action = await actions.find(id);
    if (action === undefined) return messagePage(404, 'There is no such action', ACTION_UNKNOWN);
    return actionPage(action, clock.now(), tokens.issue(operator, undoPurpose(id)));
  }

  return { look, delivery };
}

const GONE =
  'No delivery has this key, or it was forgotten: keys are dropped some time after bodies are.';
const NOTHING_FOUND =
  'No delivery has this key, transaction or reference. Either it never reached this shop (compare with QBitFlow’s own event log, and with recover()), or it was forgotten.';
const ACTION_UNKNOWN =
  'It was asked for long ago, or in another process that does not share a store of notes with this one. A process that ended before the ten seconds were over has done nothing.';
