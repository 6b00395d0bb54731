import { ASKING_LINES } from '../asking-lines.js';
import { QBitFlowError } from '../errors.js';
import { modeOfKey } from '../mode.js';
import { createRotatingMap } from '../rotating-map.js';
import { checkoutRulesNamed } from '../protocol/checkout-rules.js';
import type { CheckoutRules } from '../protocol/generation.js';
import type { Runtime } from '../runtime.js';
import type { CheckoutKind, CheckoutTerms, PaymentParams, SubscriptionParams } from './params.js';
import {
  alreadyPaid,
  type CheckoutDetails,
  type CheckoutSession,
  isPast,
  type Order,
  orderOf,
  stateOf,
} from './session.js';
import { validateParams } from './validate-params.js';

/** Checkout sessions on QBitFlow's hosted page. */
export interface Checkout {
  /**
   * Opens a session for one payment, or gives the one that is open for the order: calls with one `reference` and the
   * same terms get one session, on v2 across processes and restarts, until it is paid or over, and then a new one.
   * Changed terms end the open session first. Rejects with
   * - `invalid_checkout` (`facts.fieldErrors`) for parameters that cannot be sent or that QBitFlow refuses;
   * - `already_paid` (`facts.reference`, `facts.uuid`) for an order that is paid;
   * - `payment_in_progress` (the same facts) while it is being paid on a page whose link is not known here;
   * - `ApiError` when the API does not open it.
   * @example
   * const session = await qbitflow.checkout.createPayment({ productName: 'Tea', price: 4.5, reference: order.id });
   */
  createPayment(params: PaymentParams): Promise<CheckoutSession>;
  /** Opens a session for a subscription, otherwise like {@link Checkout.createPayment}. */
  createSubscription(params: SubscriptionParams): Promise<CheckoutSession>;
  /** v1: what a session offers; `undefined` when there is none. On v2, which has no such call, `misconfigured`. */
  get(uuid: string): Promise<CheckoutDetails | undefined>;
  /** v2: ends an unpaid session; `ApiError` with `apiCode` `tx_already_sent` once it is being paid. On v1 `misconfigured`. */
  expire(uuid: string): Promise<void>;
}

/**
 * Opens sessions on the API's generation. `onOpened` is called with every session that was opened, and with what it
 * sells.
 */
export function createCheckout(
  runtime: Runtime,
  onOpened: (session: CheckoutSession, terms: CheckoutTerms) => void,
): Checkout {
  const { api, diagnostics } = runtime;
  const { apiKey, publicUrl } = runtime.settings;
  const generation = rulesOf(runtime);
  const mode = modeOfKey(apiKey);
  const open = createOpener(runtime);
  let hasWarned = false;

  function warnOfNoReturn({ successUrl }: CheckoutTerms): void {
    if (successUrl !== undefined || hasWarned) return;
    hasWarned = true;
    diagnostics.say(ASKING_LINES, 'checkout_without_return');
  }

  async function openChecked(kind: CheckoutKind, params: unknown): Promise<CheckoutSession> {
    if (apiKey === undefined) throw withoutKey();
    const terms = validateParams(params, { generation, kind, mode, publicUrl });
    return open({
      order: orderOf(kind, terms, generation),
      replaces: terms.replaces,
      onOpened(session) {
        warnOfNoReturn(terms);
        onOpened(session, terms);
      },
    });
  }

  return {
    createPayment: async (params) => openChecked('payment', params),
    createSubscription: async (params) => openChecked('subscription', params),
    get: async (uuid) => generation.getSession(api, uuid),
    expire: async (uuid) => generation.expireSession(api, uuid),
  };
}

function rulesOf({ api }: Runtime): CheckoutRules {
  return checkoutRulesNamed(api.generation.name);
}

function withoutKey(): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    'a checkout is opened with an API key, and there is none: set apiKey (or QBITFLOW_API_KEY)',
  );
}

/** What is asked for. */
interface Wanted {
  readonly order: Order;
  /** The session that the order had before. */
  readonly replaces: string | undefined;
  /** Called with a session that the API gave for this order. */
  readonly onOpened: (session: CheckoutSession) => void;
}

/**
 * Opens an order's session, or gives the one that is open or being paid. Within a process the calls for one reference
 * take turns, and equal ones share a result.
 */
function createOpener(runtime: Runtime): (wanted: Wanted) => Promise<CheckoutSession> {
  const opened = createRotatingMap<OpenedSession>(REMEMBERED);
  const turns = takeTurns<CheckoutSession>();

  async function open({ order, replaces, onOpened }: Wanted): Promise<CheckoutSession> {
    const { reference, kind, fingerprint } = order;
    const known = reference === undefined ? undefined : opened.get(reference);
    const current = known && (await stillCurrent(runtime, order, known));
    if (current !== undefined) return current;
    const old = replaces === known?.session.uuid ? undefined : replaces;
    const session = await rulesOf(runtime).openSession(runtime, order, old);
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
 * The known session, if it is the one to send the customer to. What is open on other terms is ended first, where that is possible.
 * Throws `already_paid`.
 */
async function stillCurrent(
  runtime: Runtime,
  order: Order,
  known: OpenedSession,
): Promise<CheckoutSession | undefined> {
  const { api, clock } = runtime;
  const { session, kind, fingerprint } = known;
  const { uuid, expiresAt } = session;
  const isSame = fingerprint === order.fingerprint;
  const ask = isSame ? stateOf : rulesOf(runtime).endSession;
  const state = await ask(api, uuid, kind);
  if (state === 'paid') throw alreadyPaid({ uuid, reference: order.reference });
  if (state === 'under way') return session;
  return state === 'open' && isSame && !isPast(expiresAt, clock.now()) ? session : undefined;
}

/** The last session that this process opened for a reference. */
interface OpenedSession {
  readonly kind: CheckoutKind;
  /** Of the order it was opened for. */
  readonly fingerprint: string;
  readonly session: CheckoutSession;
}

/** Sessions that are remembered; more are asked for again. */
const REMEMBERED = 10_000;

/** Runs one call at a time for a name. A call for the same thing as the last one in the queue gets that one's result. */
type TakeTurns<T> = (turn: Turn, run: () => Promise<T>) => Promise<T>;

/** Whose turn it is, and for what. */
interface Turn {
  readonly name: string;
  readonly what: string;
}

interface Queued<T> {
  readonly what: string;
  readonly result: Promise<T>;
}

/** Queues by name, each kept only while there is a call in it. */
function takeTurns<T>(): TakeTurns<T> {
  const last = new Map<string, Queued<T>>();
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
