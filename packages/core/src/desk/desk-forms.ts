import { DESK_LINES } from './desk-lines.js';
import { readRawBody } from '../webhook/body.js';
import type { HttpRequest, HttpResponse } from '../http/http.js';
import type { Runtime } from '../runtime.js';
import { bulkTarget, messagePage } from './action-pages.js';
import {
  type ActionKind,
  type Fields,
  fieldsOf,
  filterFieldsOf,
  kindOf,
  linkTo,
} from './desk-query.js';
import type { DeskViews } from './desk-views.js';
import type { ActionTarget, HeldActions } from './held-actions.js';
import { type DeskPage, seeOther } from './layout.js';
import {
  askPurpose,
  confirmPurpose,
  isFromElsewhere,
  type PageTokens,
  revealPurpose,
  undoPurpose,
} from './page-token.js';

/** The forms: what shows personal data, asks the API or changes something, each with a token for just that. */
export interface DeskForms {
  /** Does what a POST asks for. Rejects for a body that is too large, and when the store does not answer. */
  act(request: HttpRequest, operator: string): Promise<DeskPage | HttpResponse>;
}

const BODY_LIMITS = { bodyLimitBytes: 65_536, bodyTimeoutMs: 10_000 } as const;

/** The forms of one desk. */
export function createDeskForms(
  runtime: Runtime,
  views: Pick<DeskViews, 'delivery'>,
  actions: Pick<HeldActions, 'hold' | 'undo'>,
  tokens: Pick<PageTokens, 'isGenuine'>,
): DeskForms {
  const { clock, diagnostics } = runtime;

  async function act(request: HttpRequest, operator: string): Promise<DeskPage | HttpResponse> {
    if (isFromElsewhere(request)) return forged('elsewhere');
    const form = await readForm(request);
    const key = form.get('key');
    const id = form.get('id') ?? '';
    const kind = kindOf(form);
    const isFor = (purpose: string): boolean =>
      tokens.isGenuine(form.get('token') ?? '', operator, purpose);
    const asked = form.get('do');
    if (asked === 'ask')
      return key !== undefined && isFor(askPurpose(key))
        ? views.delivery(key, operator, 'ask')
        : forged('token');
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
    return hold(kind, key === undefined ? bulkTarget(kind, form, clock) : { key }, operator);
  }

  async function reveal(key: string, operator: string): Promise<DeskPage> {
    diagnostics.say(DESK_LINES, 'desk_revealed', { key, by: operator });
    return views.delivery(key, operator, 'reveal');
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

  function forged(why: string): DeskPage {
    diagnostics.say(DESK_LINES, 'desk_forged', { why });
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

  return { act };
}
