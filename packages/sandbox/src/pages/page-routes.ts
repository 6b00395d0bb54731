import { Router } from '@koa/router';
import { paramOf } from '../api/read-request.js';
import { sessionActions, type SessionAction } from '../checkout/session-actions.js';
import { CheckoutError } from '../errors.js';
import type { SandboxState } from '../state/sandbox-state.js';
import { checkoutPage, unknownCheckoutPage } from './checkout-page.js';
import { indexPage } from './index-page.js';
import { sendPage, STYLE } from './page.js';

/** What a browser sees: the hosted checkout, the index, their stylesheet. */
export function pagesRouter(state: SandboxState): Router {
  const router = new Router();
  router.get('/', (context) => {
    sendPage(context, indexPage(state));
  });
  router.get('/sandbox/style.css', (context) => {
    context.type = 'css';
    context.body = STYLE;
  });
  router.get('/checkout/:uuid', (context) => {
    const session = state.sessions.find(paramOf(context, 'uuid'));
    if (session === undefined) sendPage(context, unknownCheckoutPage(), 404);
    else sendPage(context, checkoutPage(session));
  });
  for (const action of sessionActions)
    router.post(`/checkout/:uuid/${action.name}`, (context) => {
      context.status = 303;
      context.set('Location', afterwards(state, action, paramOf(context, 'uuid')));
    });
  return router;
}

/** Where a form leads: the merchant's page if there is one, else back to the checkout, which says how it stands. */
function afterwards(state: SandboxState, action: SessionAction, uuid: string): string {
  const back = `/checkout/${encodeURIComponent(uuid)}`;
  try {
    const { redirectUrl } = action.run(state, uuid);
    return redirectUrl === undefined ? back : new URL(redirectUrl).href;
  } catch (error) {
    if (error instanceof CheckoutError) return back;
    throw error;
  }
}
