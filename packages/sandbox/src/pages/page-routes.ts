import { Router, type RouterContext } from '@koa/router';
import { paramOf, readForm } from '../api/read-request.js';
import { actionNamed } from '../checkout/session-actions.js';
import { CheckoutError } from '../errors.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { JsonObject } from '../wire/canonical-json.js';
import { createChanges } from './changes.js';
import { checkoutPage, unknownCheckoutPage } from './checkout-page.js';
import { rememberPayer } from './payer.js';
import { eventPage } from './events-page.js';
import { indexPage } from './index-page.js';
import { readListQuery } from './listing.js';
import { goTo, problemPage, sendPage, type Desk } from './page.js';
import { sessionPage, unknownSessionPage } from './session-page.js';
import { STYLE } from './style.js';
import { switchRoutes } from './switch-routes.js';

const LISTS: readonly (readonly [path: string, desk: Desk])[] = [
  ['/', 'sessions'],
  ['/deliveries', 'deliveries'],
  ['/events', 'events'],
];

/** What a browser sees: the hosted checkout, the sandbox's own pages, and what keeps them live. */
export function pagesRouter(state: SandboxState): Router {
  const router = new Router();
  const changes = createChanges(state);
  for (const [path, desk] of LISTS)
    router.get(path, (context) => {
      sendPage(context, indexPage(state, desk, readListQuery(context)));
    });
  router.get('/sandbox/style.css', (context) => {
    context.type = 'css';
    context.body = STYLE;
  });
  router.get('/sandbox/changes', (context) => {
    changes.follow(context);
  });
  router.get('/sessions/:uuid', (context) => {
    const session = state.sessions.find(paramOf(context, 'uuid'));
    if (session === undefined) sendPage(context, unknownSessionPage(), 404);
    else sendPage(context, sessionPage(state, session));
  });
  router.get('/events/:id', (context) => {
    const event = state.events.find(paramOf(context, 'id'));
    if (event === undefined) sendPage(context, problemPage('There is no such event.'), 404);
    else sendPage(context, eventPage(state, event));
  });
  router.get('/checkout/:uuid', (context) => {
    const session = state.sessions.find(paramOf(context, 'uuid'));
    if (session === undefined) sendPage(context, unknownCheckoutPage(), 404);
    else sendPage(context, checkoutPage(session, state.settings.clock.now()));
  });
  router.post('/sessions/:uuid/:action', async (context) => act(state, context));
  router.post('/checkout/:uuid/:action', async (context) => actAsCustomer(state, context));
  switchRoutes(router, state, changes);
  return router;
}

/** A button of a session's own page: back to it, or what speaks against it. */
async function act(state: SandboxState, context: RouterContext): Promise<void> {
  const uuid = paramOf(context, 'uuid');
  const form = await readForm(context);
  try {
    actionNamed(paramOf(context, 'action')).run(state, uuid, inputOf(form));
    goTo(context, `/sessions/${encodeURIComponent(uuid)}`);
  } catch (error) {
    if (!(error instanceof CheckoutError)) throw error;
    sendPage(context, problemPage(error.message), 409);
  }
}

/** Fields that were left empty are left out: they have defaults. */
function inputOf(form: URLSearchParams): JsonObject {
  return Object.fromEntries([...form].filter(([, value]) => value !== ''));
}

/** A button of the checkout: to the merchant's page if there is one, else back to the checkout, which says how it stands. */
async function actAsCustomer(state: SandboxState, context: RouterContext): Promise<void> {
  const uuid = paramOf(context, 'uuid');
  const action = paramOf(context, 'action');
  const form = await readForm(context);
  const back = `/checkout/${encodeURIComponent(uuid)}`;
  try {
    if (action === 'pay') rememberPayer(state, uuid, form);
    const { redirectUrl } = actionNamed(action).run(state, uuid);
    goTo(context, redirectUrl === undefined ? back : new URL(redirectUrl).href);
  } catch (error) {
    if (!(error instanceof CheckoutError)) throw error;
    goTo(context, back);
  }
}
