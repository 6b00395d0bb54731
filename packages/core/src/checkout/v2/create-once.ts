import type { ApiClient } from '../../api/client.js';
import type { Clock } from '../../clock.js';
import type { QBitFlowError } from '../../errors.js';
import { invalidCheckout } from '../invalid-checkout.js';
import { createPathOf, idempotencyKeyOf, type Order } from '../order.js';
import { alreadyPaid } from '../paid-order.js';
import { type CheckoutSession, parseSession } from '../session.js';
import { isPast, stateOf, type SessionState } from '../session-state.js';
import { endSession } from './end-session.js';
import { explainRefusal, isHeld } from './explain-refusal.js';
import { findPaid } from './find-paid.js';

/** Sessions on the same terms that are walked over: more than the shortest ones of a day, which is how long keys live. */
const MOST_GENERATIONS = 200;
/** Generations looked at behind one whose key QBitFlow has forgotten while a later one's session is open. */
const MOST_FORGOTTEN = 4;

/** What a create works with. */
export interface CreateDeps {
  readonly api: ApiClient;
  readonly clock: Clock;
}

/** Ends what else may hold the order's reference; resolves with whether there was anything to end. */
export type MakeWay = () => Promise<boolean>;

/**
 * The one session that is open for an order on v2, whoever opened it: every process comes to the same keys, and
 * QBitFlow lets one open session hold a reference. Sessions that are over are walked past. Throws `already_paid`.
 */
export async function createOnce(
  deps: CreateDeps,
  order: Order,
  makeWay: MakeWay,
): Promise<CheckoutSession> {
  const { api } = deps;
  const { reference } = order;
  if (reference === undefined) return createNow(api, order);
  const judge = createJudge(deps, { ...order, reference });
  let passed: CheckoutSession | undefined;
  let heldInARow = 0;
  for (let generation = 0; generation < MOST_GENERATIONS; generation += 1) {
    const created = await createOrMakeWay(api, { order, generation, makeWay });
    if (created.session !== undefined) {
      const { session } = created;
      const verdict = await judge(session);
      if (verdict === 'good') return session;
      passed = verdict === 'past' ? session : undefined;
      heldInARow = 0;
    } else {
      if (heldInARow === 0) await throwIfPaid(api, reference);
      // What was only passed because of this machine's clock holds the reference: it is open after all.
      if (passed !== undefined) return passed;
      if (heldInARow === MOST_FORGOTTEN) throw explainRefusal(created.refusal, reference);
      heldInARow += 1;
    }
  }
  throw wornOut();
}

async function createNow(api: ApiClient, order: Order): Promise<CheckoutSession> {
  try {
    return await send(api, order, 0);
  } catch (refusal) {
    throw explainRefusal(refusal, undefined);
  }
}

interface Attempt {
  readonly order: Order;
  readonly generation: number;
  readonly makeWay: MakeWay;
}

interface Created {
  readonly session?: CheckoutSession;
  /** That the reference, or this key, is held by something else. */
  readonly refusal?: unknown;
}

async function createOrMakeWay(
  api: ApiClient,
  { order, generation, makeWay }: Attempt,
): Promise<Created> {
  const created = await create(api, order, generation);
  if (created.session !== undefined || !(await makeWay())) return created;
  return create(api, order, generation);
}

async function create(api: ApiClient, order: Order, generation: number): Promise<Created> {
  try {
    return { session: await send(api, order, generation) };
  } catch (refusal) {
    if (!isHeld(refusal)) throw explainRefusal(refusal, order.reference);
    return { refusal };
  }
}

async function send(api: ApiClient, order: Order, generation: number): Promise<CheckoutSession> {
  const { body, reference } = order;
  const idempotencyKey = idempotencyKeyOf(order, generation);
  const call = { method: 'POST', path: createPathOf(order), body, idempotencyKey } as const;
  return parseSession(await api.request(call), reference);
}

/** `past`: over by this machine's clock, while the API did not say. */
type Verdict = 'good' | 'over' | 'past';

/** Tells whether a customer can be sent to a session, which may be the replayed answer to an earlier create. */
function createJudge({ api, clock }: CreateDeps, { kind, reference }: Order) {
  let before: string | undefined;
  let hasEndedOne = false;

  async function endPast(uuid: string): Promise<SessionState> {
    hasEndedOne = true;
    return endSession(api, uuid);
  }

  return async ({ uuid, expiresAt }: CheckoutSession): Promise<Verdict> => {
    const isSame = uuid === before;
    before = uuid;
    const said = await stateOf(api, uuid, kind);
    const isDoubtful = (said === 'open' || said === 'unknown') && isPast(expiresAt, clock.now());
    // One that is given again under another key, or comes right after one that was ended, is not past: the clock is.
    if (isDoubtful && (isSame || hasEndedOne)) return 'good';
    const state = isDoubtful && said === 'open' ? await endPast(uuid) : said;
    if (state === 'paid') throw alreadyPaid({ uuid, reference });
    if (state === 'over' && isSame) throw wornOut();
    if (state === 'over') return 'over';
    return isDoubtful && state === 'unknown' ? 'past' : 'good';
  };
}

async function throwIfPaid(api: ApiClient, reference: string): Promise<void> {
  const uuid = await findPaid(api, reference);
  if (uuid !== undefined) throw alreadyPaid({ uuid, reference });
}

function wornOut(): QBitFlowError {
  const message =
    'has had too many checkouts within a day that nobody paid: sell under a new reference';
  return invalidCheckout([{ field: 'reference', message }]);
}
