import type { Order } from '../order.js';
import { alreadyPaid, paymentInProgress } from '../paid-order.js';
import type { CheckoutSession } from '../session.js';
import { stateOf } from '../session-state.js';
import { type CreateDeps, createOnce } from './create-once.js';
import { endSession } from './end-session.js';

/**
 * Opens an order's session on v2 and ends the one it had before, unless that is the very session it gets again. Never
 * leaves both open: where the old one is paid or being paid, the new one is ended. Throws `already_paid`,
 * `payment_in_progress`.
 */
export async function replaceSession(
  deps: CreateDeps,
  order: Order,
  old: string,
): Promise<CheckoutSession> {
  const { api } = deps;
  const { reference, kind } = order;
  const before = await stateOf(api, old, kind);
  if (before === 'paid') throw alreadyPaid({ uuid: old, reference });
  let isInTheWay = before !== 'over';

  async function makeWay(): Promise<boolean> {
    if (!isInTheWay) return false;
    const ending = await endSession(api, old);
    if (ending === 'paid') throw alreadyPaid({ uuid: old, reference });
    if (ending === 'under way') throw paymentInProgress({ uuid: old, reference });
    isInTheWay = false;
    return true;
  }

  if (reference === undefined) await makeWay();
  const session = await createOnce(deps, order, makeWay);
  if (session.uuid === old) return session;
  try {
    await makeWay();
    return session;
  } catch (error) {
    await endSession(api, session.uuid);
    throw error;
  }
}
