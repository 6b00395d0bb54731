import type { ApiClient } from '../api/client.js';
import { QBitFlowError } from '../errors.js';
import { idempotencyKeyOf } from './idempotency-key.js';
import type { CheckoutKind, CheckoutTerms, PaymentParams, SubscriptionParams } from './params.js';
import { type ReturnUrls, returnUrlsOf } from './return-urls.js';
import { type CheckoutSession, parseSession } from './session.js';
import { createBodyV1 } from './v1/create-body.js';
import { type CheckoutDetails, getSession } from './v1/get-session.js';
import { shareInFlight } from './v1/share-in-flight.js';
import { createBodyV2 } from './v2/create-body.js';
import { expireSession } from './v2/expire-session.js';
import { explainRefusal } from './v2/explain-refusal.js';
import { validateParams } from './validate-params.js';

/** Checkout sessions on QBitFlow's hosted page. */
export interface Checkout {
  /**
   * Opens a session for one payment. Rejects with `invalid_checkout` (`facts.fieldErrors`) before anything is sent, with
   * `ApiError` when the API does not open it. On v2 calls with one `reference` open one session.
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
  readonly apiKey: string | undefined;
  /** Where the routes are mounted, without a slash at its end. */
  readonly publicUrl: string | undefined;
  /** Told of every session opened, and of what it sells. */
  readonly onOpened?: ((session: CheckoutSession, terms: CheckoutTerms) => void) | undefined;
}

/** Opens sessions on the generation that `api` speaks. */
export function createCheckout({ api, apiKey, publicUrl, onOpened }: CheckoutDeps): Checkout {
  const share = shareInFlight<unknown>();

  async function create(kind: CheckoutKind, params: unknown): Promise<CheckoutSession> {
    if (apiKey === undefined) throw withoutKey();
    const terms = validateParams(params, { generation: api.generation, kind });
    const order = { kind, terms, urls: returnUrlsOf(terms, publicUrl) };
    const answer = api.generation === 'v1' ? await createV1(order) : await createV2(api, order);
    const session = parseSession(answer, terms.reference);
    onOpened?.(session, terms);
    return session;
  }

  async function createV1({ kind, terms, urls }: Order): Promise<unknown> {
    const body = createBodyV1(terms, urls);
    const send = async (): Promise<unknown> =>
      api.request({ method: 'POST', path: pathOf(kind), body });
    // Without a reference two equal orders may well be two customers.
    if (terms.reference === undefined) return send();
    return share(`${kind} ${JSON.stringify(body)}`, send);
  }

  return {
    createPayment: async (params) => create('payment', params),
    createSubscription: async (params) => create('subscription', params),
    get: async (uuid) => getSession(api, uuid),
    expire: async (uuid) => expireSession(api, uuid),
  };
}

interface Order {
  readonly kind: CheckoutKind;
  readonly terms: CheckoutTerms;
  readonly urls: ReturnUrls;
}

async function createV2(api: ApiClient, { kind, terms, urls }: Order): Promise<unknown> {
  const body = createBodyV2(terms, urls);
  const idempotencyKey = idempotencyKeyOf(kind, terms);
  try {
    return await api.request({ method: 'POST', path: pathOf(kind), body, idempotencyKey });
  } catch (error) {
    throw explainRefusal(error, terms.reference);
  }
}

function pathOf(kind: CheckoutKind): string {
  return `/transaction/session-checkout/new/${kind}`;
}

function withoutKey(): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    'a checkout is opened with an API key, and there is none: set apiKey (or QBITFLOW_API_KEY)',
  );
}
