import { isApiError } from '../api/api-error.js';
import type { ApiClient } from '../api/client.js';
import type { Clock } from '../clock.js';
import { QBitFlowError } from '../errors.js';
import type { Logger } from '../logger.js';
import { modeOfKey } from '../mode.js';
import { createRotatingMap, type RotatingMap } from '../rotating-map.js';
import type { CheckoutKind, CheckoutTerms, PaymentParams, SubscriptionParams } from './params.js';
import {
  alreadyPaid,
  type CheckoutSession,
  createPathOf,
  invalidCheckout,
  isPast,
  type Order,
  orderOf,
  parseSession,
  paymentInProgress,
  stateOf,
} from './session.js';
import { type CheckoutDetails, getSession } from './v1/get-session.js';
import { createOnce, endSession, expireSession, replaceSession } from './v2/create-session.js';
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

  async function openChecked(kind: CheckoutKind, params: unknown): Promise<CheckoutSession> {
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
    createPayment: async (params) => openChecked('payment', params),
    createSubscription: async (params) => openChecked('subscription', params),
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

/** What is asked for. */
export interface Wanted {
  readonly order: Order;
  /** The session that the order had before. */
  readonly replaces: string | undefined;
  /** Told of a session that the API gave for this order. */
  readonly onOpened: (session: CheckoutSession) => void;
}

/** What {@link createOpener} works with. */
export interface OpenerDeps {
  readonly api: ApiClient;
  readonly clock: Clock;
}

/**
 * Opens an order's session, or gives the one that is open or being paid. Within a process the calls for one reference
 * take turns, and equal ones share a result.
 */
export function createOpener(deps: OpenerDeps): (wanted: Wanted) => Promise<CheckoutSession> {
  const opened = createOpenedSessions();
  const turns = takeTurns<CheckoutSession>();

  async function open({ order, replaces, onOpened }: Wanted): Promise<CheckoutSession> {
    const { reference, kind, fingerprint } = order;
    const known = reference === undefined ? undefined : opened.get(reference);
    const current = known && (await stillCurrent(deps, order, known));
    if (current !== undefined) return current;
    const old = replaces === known?.session.uuid ? undefined : replaces;
    const session = await create(deps, order, old);
    if (reference !== undefined) opened.set(reference, { kind, fingerprint, session });
    onOpened(session);
    return session;
  }

  return async (wanted) => {
    const { reference, fingerprint } = wanted.order;
    // Without a reference two equal orders may well be two customers.
    if (reference === undefined) return open(wanted);
    const what = `${fingerprint} ${wanted.replaces ?? ''}`;
    return turns({ name: reference, what }, async () => open(wanted));
  };
}

/**
 * The known session, if it is the one to send the customer to. What is open on other terms is ended first; v1 cannot.
 * Throws `already_paid`.
 */
async function stillCurrent(
  { api, clock }: OpenerDeps,
  order: Order,
  known: OpenedSession,
): Promise<CheckoutSession | undefined> {
  const { session, kind, fingerprint } = known;
  const { uuid, expiresAt } = session;
  const isSame = fingerprint === order.fingerprint;
  const mustEnd = !isSame && api.generation === 'v2';
  const state = mustEnd ? await endSession(api, uuid) : await stateOf(api, uuid, kind);
  if (state === 'paid') throw alreadyPaid({ uuid, reference: order.reference });
  if (state === 'under way') return session;
  return state === 'open' && isSame && !isPast(expiresAt, clock.now()) ? session : undefined;
}

async function create(
  deps: OpenerDeps,
  order: Order,
  old: string | undefined,
): Promise<CheckoutSession> {
  if (deps.api.generation === 'v1') return createV1(deps.api, order, old);
  if (old !== undefined) return replaceSession(deps, order, old);
  return createOnce(deps, order, async () => false);
}

/** v1 has no keys and ends no session: all that can be known is whether the old one's money is there or on its way. */
async function createV1(
  api: ApiClient,
  order: Order,
  old: string | undefined,
): Promise<CheckoutSession> {
  const { body, kind, reference } = order;
  const state = old === undefined ? 'over' : await stateOf(api, old, kind);
  if (old !== undefined && state === 'paid') throw alreadyPaid({ uuid: old, reference });
  if (old !== undefined && state === 'under way') throw paymentInProgress({ uuid: old, reference });
  try {
    const answer = await api.request({ method: 'POST', path: createPathOf(order), body });
    return parseSession(answer, reference);
  } catch (error) {
    if (!isApiError(error) || error.status !== 400) throw error;
    throw invalidCheckout([{ field: '', message: error.message }], { cause: error });
  }
}

/** The last session that this process opened for a reference. */
export interface OpenedSession {
  readonly kind: CheckoutKind;
  /** Of the order it was opened for. */
  readonly fingerprint: string;
  readonly session: CheckoutSession;
}

/** Sessions this process opened, by reference: bounded, and gone with it. */
export type OpenedSessions = RotatingMap<OpenedSession>;

const REMEMBERED = 10_000;

/** No sessions yet. */
export function createOpenedSessions(): OpenedSessions {
  return createRotatingMap<OpenedSession>(REMEMBERED);
}

/** Runs one call at a time for a name. Who asks for the same thing as the last in line gets that one's result. */
export type TakeTurns<T> = (turn: Turn, run: () => Promise<T>) => Promise<T>;

/** Whose turn it is, and for what. */
export interface Turn {
  readonly name: string;
  readonly what: string;
}

interface InLine<T> {
  readonly what: string;
  readonly result: Promise<T>;
}

/** Lines by name, each kept only while somebody stands in it. */
export function takeTurns<T>(): TakeTurns<T> {
  const last = new Map<string, InLine<T>>();
  return async ({ name, what }, run) => {
    const before = last.get(name);
    if (before?.what === what) return before.result;
    const result = before === undefined ? run() : before.result.then(run, run);
    const own = { what, result };
    last.set(name, own);
    try {
      return await result;
    } finally {
      if (last.get(name) === own) last.delete(name);
    }
  };
}
