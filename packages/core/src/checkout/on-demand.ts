import { callOnDemand } from '../call-on-demand.js';
import type { HttpRequest, HttpResponse } from '../http/http.js';
import { bareCheckoutPage } from '../http/not-loaded.js';
import { answerOf, onDemand } from '../on-demand.js';
import type { Runtime } from '../runtime.js';
import type { Checkout } from './checkout.js';
import type { CheckoutTerms } from './params.js';
import type { ToCheckoutParams } from './respond.js';
import type { CheckoutSession } from './session.js';

/** Opens checkouts, for code and for requests. */
export interface CheckoutDesk {
  readonly checkout: Checkout;
  readonly handleCheckout: (
    request: HttpRequest,
    toParams: ToCheckoutParams,
  ) => Promise<HttpResponse>;
}

/** The checkout of a kit, loaded when it is first used: a process that only takes deliveries neither loads nor bundles it into its start. */
export function createCheckoutDesk(
  runtime: Runtime,
  onOpened: (session: CheckoutSession, terms: CheckoutTerms) => void,
): CheckoutDesk {
  const loaded = onDemand(async () => {
    const { createCheckout } = await import('./checkout.js');
    return createCheckout(runtime, onOpened);
  });
  const checkout: Checkout = {
    createPayment: callOnDemand(loaded, async (opened, params) => opened.createPayment(params)),
    createSubscription: callOnDemand(loaded, async (opened, params) =>
      opened.createSubscription(params),
    ),
    get: async (uuid) => (await loaded()).get(uuid),
    expire: async (uuid) => (await loaded()).expire(uuid),
  };
  const handler = onDemand(async () => {
    const { createCheckoutHandler } = await import('./respond.js');
    return createCheckoutHandler(runtime, checkout);
  });
  return {
    checkout,
    handleCheckout: async (request, toParams) =>
      answerOf(
        handler,
        async (handle) => handle(request, toParams),
        (error) => {
          runtime.errors.report(error, { stage: 'checkout' });
          return bareCheckoutPage(runtime.settings.pages.brand);
        },
      ),
  };
}
