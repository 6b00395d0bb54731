import type { ApiClient } from '../api/client.js';
import type { Clock } from '../clock.js';
import { QBitFlowError } from '../errors.js';
import type { Logger } from '../logger.js';
import { modeOfKey } from '../mode.js';
import { createOpener } from './open-checkout.js';
import { orderOf } from './order.js';
import type { CheckoutKind, CheckoutTerms, PaymentParams, SubscriptionParams } from './params.js';
import type { CheckoutSession } from './session.js';
import { type CheckoutDetails, getSession } from './v1/get-session.js';
import { expireSession } from './v2/end-session.js';
import { validateParams } from './validate-params.js';

/** Checkout sessions on QBitFlow's hosted page. */
export interface Checkout {
  /**
   * Opens a session for one payment, or gives the one that is open for the order: calls with one `reference` and the
   * same terms get one session, on v2 across processes and restarts, until it is paid or over, and then a new one.
   * Changed terms end the open session first. Rejects with
   * - `invalid_checkout` (`facts.fieldErrors`) for parameters that cannot be sent or that QBitFlow refuses;
   * - `already_paid` (`facts.reference`, `facts.uuid`) for an order that is paid;
   * - `payment_in_progress` (the same facts) while somebody pays it on a page whose link is not known here;
   * - `ApiError` when the API does not open it.
   * @example
   * const session = await qbitflow.checkout.createPayment({ productName: 'Tea', price: 4.5, reference: order.id });
   */
  createPayment(params: PaymentParams): Promise<CheckoutSession>;
  /** Opens a session for a subscription, otherwise like {@link Checkout.createPayment}. */
  createSubscription(params: SubscriptionParams): Promise<CheckoutSession>;
  /** v1: what a session offers; `undefined` when there is none. On v2, which has no such call, `misconfigured`. */
  get(uuid: string): Promise<CheckoutDetails | undefined>;
  /** v2: ends an unpaid session; `ApiError` with `apiCode` `tx_already_sent` once somebody pays. On v1 `misconfigured`. */
  expire(uuid: string): Promise<void>;
}

/** What {@link createCheckout} works with. */
export interface CheckoutDeps {
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly apiKey: string | undefined;
  /** Where the routes are mounted, without a slash at its end. */
  readonly publicUrl: string | undefined;
  readonly logger: Logger;
  /** Told of every session opened, and of what it sells. */
  readonly onOpened?: ((session: CheckoutSession, terms: CheckoutTerms) => void) | undefined;
}

/** Opens sessions on the generation that `api` speaks. */
export function createCheckout(deps: CheckoutDeps): Checkout {
  const { api, apiKey, publicUrl, logger, onOpened } = deps;
  const { generation } = api;
  const mode = modeOfKey(apiKey);
  const open = createOpener(deps);
  let hasWarned = false;

  function warnOfNoReturn({ successUrl }: CheckoutTerms): void {
    if (successUrl !== undefined || hasWarned) return;
    hasWarned = true;
    logger.warn(
      { code: 'checkout_without_return' },
      "a checkout was opened without a successUrl, so customers stay on QBitFlow's page after they have paid: give createQBitFlow a publicUrl, where the routes are mounted, e.g. https://shop.example/qbitflow",
    );
  }

  async function create(kind: CheckoutKind, params: unknown): Promise<CheckoutSession> {
    if (apiKey === undefined) throw withoutKey();
    const terms = validateParams(params, { generation, kind, mode, publicUrl });
    return open({
      order: orderOf(kind, terms, generation),
      replaces: terms.replaces,
      onOpened(session) {
        warnOfNoReturn(terms);
        onOpened?.(session, terms);
      },
    });
  }

  return {
    createPayment: async (params) => create('payment', params),
    createSubscription: async (params) => create('subscription', params),
    get: async (uuid) => getSession(api, uuid),
    expire: async (uuid) => expireSession(api, uuid),
  };
}

function withoutKey(): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    'a checkout is opened with an API key, and there is none: set apiKey (or QBITFLOW_API_KEY)',
  );
}
