import * as z from 'zod';
import { type ApiError, type FieldError, isApiError } from '../../api/api-error.js';
import type { ApiClient } from '../../api/client.js';
import type { QBitFlowError } from '../../errors.js';
import type { Runtime } from '../../runtime.js';
import {
  alreadyPaid,
  type CheckoutSession,
  createPathOf,
  idempotencyKeyOf,
  invalidCheckout,
  isPast,
  type Order,
  parseSession,
  paymentInProgress,
  type SessionState,
  stateOf,
} from '../../checkout/session.js';
import { EVENT_LOG, expireV2Session } from './api.js';
import { lazily } from '../../lazily.js';

/** Sessions on the same terms that are walked over: more than the shortest ones of a day, which is how long keys live. */
const MOST_ROUNDS = 200;
/** Rounds looked at behind one whose key QBitFlow has forgotten while a later one's session is open. */
const MOST_FORGOTTEN = 4;

/** Opens an order's session on v2, and ends the one it had before, if it is known. */
export async function openV2Session(
  runtime: Runtime,
  order: Order,
  old: string | undefined,
): Promise<CheckoutSession> {
  if (old !== undefined) return replaceSession(runtime, order, old);
  return createOnce(runtime, order, async () => false);
}

/** Ends what else may hold the order's reference; resolves with whether there was anything to end. */
type MakeWay = () => Promise<boolean>;

/**
 * The one session that is open for an order on v2, whoever opened it: every process comes to the same keys, and
 * QBitFlow lets one open session hold a reference. Sessions that are over are walked past. Throws `already_paid`.
 */
async function createOnce(
  runtime: Runtime,
  order: Order,
  makeWay: MakeWay,
): Promise<CheckoutSession> {
  const { api } = runtime;
  const { reference } = order;
  if (reference === undefined) return createNow(api, order);
  const judge = createJudge(runtime, { ...order, reference });
  let passed: CheckoutSession | undefined;
  let heldInARow = 0;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const created = await createOrMakeWay(api, { order, round, makeWay });
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
  /** Counts the sessions of these terms that are over. */
  readonly round: number;
  readonly makeWay: MakeWay;
}

interface Created {
  readonly session?: CheckoutSession;
  /** That the reference, or this key, is taken by something else. */
  readonly refusal?: unknown;
}

async function createOrMakeWay(
  api: ApiClient,
  { order, round, makeWay }: Attempt,
): Promise<Created> {
  const created = await create(api, order, round);
  if (created.session !== undefined || !(await makeWay())) return created;
  return create(api, order, round);
}

async function create(api: ApiClient, order: Order, round: number): Promise<Created> {
  try {
    return { session: await send(api, order, round) };
  } catch (refusal) {
    if (!isHeld(refusal)) throw explainRefusal(refusal, order.reference);
    return { refusal };
  }
}

async function send(api: ApiClient, order: Order, round: number): Promise<CheckoutSession> {
  const { body, reference } = order;
  const idempotencyKey = idempotencyKeyOf(order, round);
  const call = { method: 'POST', path: createPathOf(order), body, idempotencyKey } as const;
  return parseSession(await api.request(call), reference);
}

/** `past`: over by this machine's clock, while the API did not say. */
type SessionAge = 'good' | 'over' | 'past';

/** Tells whether a customer can be sent to a session, which may be the replayed answer to an earlier create. */
function createJudge({ api, clock }: Runtime, { kind, reference }: Order) {
  let before: string | undefined;
  let hasEndedOne = false;

  async function endPast(uuid: string): Promise<SessionState> {
    hasEndedOne = true;
    return endSession(api, uuid);
  }

  return async ({ uuid, expiresAt }: CheckoutSession): Promise<SessionAge> => {
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

/**
 * Opens an order's session on v2 and ends the one it had before, unless that is the very session it gets again. Never
 * leaves both open: where the old one is paid or being paid, the new one is ended. Throws `already_paid`,
 * `payment_in_progress`.
 */
async function replaceSession(
  runtime: Runtime,
  order: Order,
  old: string,
): Promise<CheckoutSession> {
  const { api } = runtime;
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
  const session = await createOnce(runtime, order, makeWay);
  if (session.uuid === old) return session;
  try {
    await makeWay();
    return session;
  } catch (error) {
    await endSession(api, session.uuid);
    throw error;
  }
}

/** What became of a session that was to be ended: `over` is what was wanted. */
export type Ending = 'over' | 'under way' | 'paid';

/** Ends a session so that it cannot be paid any more, or says that it has been paid. Rejects when neither is certain. */
export async function endSession(api: ApiClient, uuid: string): Promise<Ending> {
  try {
    await expireV2Session(api, uuid);
    return 'over';
  } catch (error) {
    // It may be over already, or have been ended by a call whose answer was lost.
    const state = await stateOf(api, uuid);
    if (state === 'over' || state === 'under way' || state === 'paid') return state;
    if (!isApiError(error)) throw error;
    if (error.apiCode === 'tx_already_sent') return 'under way';
    if (error.status === 404 || error.status === 410) return 'over';
    throw error;
  }
}

/** The longest page there is. */
const NEWEST = 100;
const TYPES = ['payment.completed', 'subscription.created'] as const;

const pageSchema = lazily(() =>
  z.looseObject({
    items: z.array(
      z.looseObject({ data: z.looseObject({ uuid: z.string(), reference: z.unknown() }) }).catch({
        data: { uuid: '', reference: undefined },
      }),
    ),
  }),
);

/**
 * The payment or subscription that holds a reference, if it is among the newest: v2 finds none by its reference, but
 * its event log tells of the last hundred. `undefined` also when the log cannot be read.
 */
async function findPaid(api: ApiClient, reference: string): Promise<string | undefined> {
  for (const type of TYPES) {
    const query = { type, limit: NEWEST };
    const page = await readLog(api, query);
    const found = page.find(({ data }) => data.reference === reference);
    if (found !== undefined) return found.data.uuid;
  }
  return undefined;
}

async function readLog(
  api: ApiClient,
  query: { readonly type: string; readonly limit: number },
): Promise<z.infer<ReturnType<typeof pageSchema>>['items']> {
  try {
    const answer = await api.request({ ...EVENT_LOG, query, maxRetries: 0 });
    return pageSchema().safeParse(answer).data?.items ?? [];
  } catch (error) {
    if (isApiError(error)) return [];
    throw error;
  }
}

const REFERENCE_CURES: ReadonlyMap<string, string> = new Map([
  [
    'idempotency_key_reused',
    'opened a checkout with other terms before: give changed terms a new reference',
  ],
  [
    'unique_violation',
    'is taken by an earlier checkout: it is paid, or open on other terms and opened elsewhere. Keep the uuid of each session with its order and give it as replaces, or sell under a new reference',
  ],
]);

/** Whether another order, or other terms, hold the order's reference or this very key. */
function isHeld(error: unknown): boolean {
  if (!isApiError(error)) return false;
  if (error.apiCode === 'idempotency_key_reused') return true;
  return error.apiCode === 'unique_violation' && fieldOf(error) === 'reference';
}

/**
 * What QBitFlow finds wrong with the parameters themselves, as `invalid_checkout` like our own findings, the API's
 * answer as its cause; any other error as it is.
 */
function explainRefusal(error: unknown, reference: string | undefined): unknown {
  if (!isApiError(error)) return error;
  const faults = faultsOf(error, reference);
  return faults.length === 0 ? error : invalidCheckout(faults, { cause: error });
}

function faultsOf(error: ApiError, reference: string | undefined): readonly FieldError[] {
  const { apiCode = '', details, fieldErrors } = error;
  const cure = REFERENCE_CURES.get(apiCode);
  const field = fieldOf(error);
  if (cure !== undefined && field === 'reference' && reference !== undefined)
    return [{ field, message: cure }];
  if (apiCode === 'unique_violation' && field !== 'reference')
    return [{ field, message: 'is taken already: give another one' }];
  const { max } = details;
  if (max === undefined || fieldErrors.some((fault) => fault.message.includes(String(max))))
    return fieldErrors;
  const message = `and its fees must together be at most ${max} USD here: QBitFlow caps them in test mode`;
  return [...fieldErrors.filter((fault) => fault.field !== 'price'), { field: 'price', message }];
}

/** The field whose value is taken; the reference where the API does not say. */
function fieldOf({ details }: ApiError): string {
  return typeof details['field'] === 'string' ? details['field'] : 'reference';
}
