import { isApiError } from '../api/api-error.js';
import type { ApiClient } from '../api/client.js';
import type { Clock } from '../clock.js';
import { invalidCheckout } from './invalid-checkout.js';
import { createOpenedSessions, type OpenedSession } from './opened-sessions.js';
import { createPathOf, type Order } from './order.js';
import { alreadyPaid, paymentInProgress } from './paid-order.js';
import { type CheckoutSession, parseSession } from './session.js';
import { isPast, stateOf } from './session-state.js';
import { takeTurns } from './take-turns.js';
import { createOnce } from './v2/create-once.js';
import { endSession } from './v2/end-session.js';
import { replaceSession } from './v2/replace-session.js';

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
