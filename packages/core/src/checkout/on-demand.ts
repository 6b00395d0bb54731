import { detached } from '../async-context.js';
import type { HttpRequest, HttpResponse } from '../http/http.js';
import { lazily } from '../lazily.js';
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
  // In no request's async context: what is loaded stays.
  const loaded = lazily(async () =>
    detached(async () => {
      const { createCheckout } = await import('./checkout.js');
      return createCheckout(runtime, onOpened);
    }),
  );
  const checkout: Checkout = {
    async createPayment(params) {
      const asked = copyOf(params);
      return (await loaded()).createPayment(asked);
    },
    async createSubscription(params) {
      const asked = copyOf(params);
      return (await loaded()).createSubscription(asked);
    },
    get: async (uuid) => (await loaded()).get(uuid),
    expire: async (uuid) => (await loaded()).expire(uuid),
  };
  const handler = lazily(async () =>
    detached(async () => {
      const { createCheckoutHandler } = await import('./respond.js');
      return createCheckoutHandler(runtime, checkout);
    }),
  );
  return {
    checkout,
    handleCheckout: async (request, toParams) => (await handler())(request, toParams),
  };
}

/** Deeper than any parameter. */
const DEPTH = 4;

/** Parameters as they are now: the caller may change the object for the next order before this one's are read. */
function copyOf<T>(value: T, depth = DEPTH): T {
  if (depth === 0 || typeof value !== 'object' || value === null) return value;
  const copied = Object.entries(value).map(([name, field]) => [name, copyOf(field, depth - 1)]);
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
    ? Object.assign(Array.isArray(value) ? [] : {}, Object.fromEntries(copied))
    : value;
}
