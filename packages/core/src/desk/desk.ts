import { DESK_LINES } from './desk-lines.js';
import { asError } from '../as-error.js';
import { isQBitFlowError } from '../errors.js';
import { originForm, type HttpRequest, type HttpResponse } from '../http/http.js';
import type { QBitFlow } from '../kit.js';
import type { Runtime } from '../runtime.js';
import { askAuthorize, fromThisMachine, type Refused } from './access.js';
import { messagePage } from './action-pages.js';
import { createChanges } from './changes.js';
import { createDeskForms } from './desk-forms.js';
import type { DeskOptions } from './desk-options.js';
import { type Fields, fieldsOf } from './desk-query.js';
import { createDeskViews } from './desk-views.js';
import { createHeldActions } from './held-actions.js';
import { type DeskPage, type Frame, pageResponse, plainResponse } from './layout.js';
import { createPageTokens } from './page-token.js';

/** The operator's desk of one kit. */
export interface Desk {
  /** Answers one request, completely. Never rejects. */
  handle(request: HttpRequest, options: DeskOptions): Promise<HttpResponse>;
  close(): void;
}

/** Refusals are logged once in a minute: anyone can cause one. */
const QUIET_MS = 60_000;

/** The desk. Every page is one address with a query, so that it works wherever it is mounted. */
export function createDesk(runtime: Runtime, deliveries: QBitFlow['deliveries']): Desk {
  const { clock, diagnostics, settings } = runtime;
  const tokens = createPageTokens(clock, settings.secrets?.[0]);
  const actions = createHeldActions(runtime, deliveries);
  const changes = createChanges(runtime, deliveries);
  const views = createDeskViews(runtime, deliveries, actions, tokens);
  const forms = createDeskForms(runtime, views, actions, tokens);
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
        method === 'POST'
          ? await forms.act(request, frame.operator)
          : await look(fields, frame.operator);
      const response = 'main' in answer ? pageResponse(answer, frame) : answer;
      return method === 'HEAD' ? { ...response, body: '' } : response;
    } catch (thrown) {
      return pageResponse(troublePage(thrown), frame);
    }
  }

  async function look(fields: Fields, operator: string): Promise<DeskPage | HttpResponse> {
    if (fields.get('view') !== 'events') return views.look(fields, operator);
    return changes.follow() ?? plainResponse(503, 'Too many pages are open.');
  }

  function refuse(why: Refused): HttpResponse {
    const now = clock.now();
    if (now >= quietUntil) {
      quietUntil = now + QUIET_MS;
      diagnostics.say(DESK_LINES, 'desk_refused', { why });
    }
    return plainResponse(403, REFUSALS[why]);
  }

  function troublePage(thrown: unknown): DeskPage {
    const err = asError(thrown);
    if (isQBitFlowError(err) && (err.code === 'misconfigured' || err.code === 'body_too_large'))
      return messagePage(400, 'That cannot be shown', err.message);
    diagnostics.say(DESK_LINES, 'desk_failed', { err });
    return messagePage(
      503,
      'The store does not answer',
      `What is in the inbox cannot be told now: ${err.message}`,
    );
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
