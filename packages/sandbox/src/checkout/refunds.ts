import { report } from '../delivery/publish.js';
import { CheckoutError } from '../errors.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { FundsRelease, Refund, Session } from '../state/sessions.js';
import { findSession } from './find-session.js';

/** What is asked for. */
export interface RefundRequest {
  readonly initiatedBy: Refund['initiatedBy'];
  readonly reason: string;
  /** Of what was paid. */
  readonly percent: number;
}

/** What was paid last with a session: the payment, or a subscription's last bill. `undefined` before. */
export function paidTransactionOf({
  uuid,
  status,
  terms,
  subscription,
}: Session): string | undefined {
  if (status !== 'completed') return undefined;
  return terms.kind === 'payment' ? uuid : subscription?.lastBill?.uuid;
}

/** Whether a refund can be asked for: something was paid, and it is not given back nor asked back already. */
export function isRefundable(session: Session): boolean {
  const txUuid = paidTransactionOf(session);
  return txUuid !== undefined && !(isStanding(session.refund) && session.refund.txUuid === txUuid);
}

function isStanding(refund: Refund | undefined): refund is Refund {
  return refund !== undefined && refund.status !== 'rejected';
}

/** Asks for a refund, which the merchant then approves or denies. Throws where nothing can be given back. */
export function requestRefund(state: SandboxState, uuid: string, request: RefundRequest): Session {
  const session = findSession(state, uuid);
  const refund: Refund = {
    uuid: `refund@${state.ids.uuid()}`,
    txUuid: refundableTransactionOf(session),
    status: 'pending',
    createdAt: state.settings.clock.now(),
    merchantMessage: '',
    ...request,
  };
  return report(state, { ...session, refund }, 'refundRequested');
}

function refundableTransactionOf(session: Session): string {
  const txUuid = paidTransactionOf(session);
  if (txUuid === undefined)
    throw new CheckoutError('not_possible', 'nothing is paid yet that could be given back');
  const { refund } = session;
  if (isRefundable(session)) return txUuid;
  throw new CheckoutError(
    'not_possible',
    `there is a refund already, ${refund?.uuid ?? ''}: it is ${refund?.status ?? ''}`,
  );
}

/** The merchant gives the money back. Throws unless a refund is pending. */
export function approveRefund(state: SandboxState, uuid: string, merchantMessage: string): Session {
  return answerRefund(state, uuid, {
    status: 'approved',
    merchantMessage,
    txHash: `0x${state.ids.hex(64)}`,
  });
}

/** The merchant keeps the money; it can be asked for again. Throws unless a refund is pending. */
export function denyRefund(state: SandboxState, uuid: string, merchantMessage: string): Session {
  return answerRefund(state, uuid, { status: 'rejected', merchantMessage });
}

function answerRefund(
  state: SandboxState,
  uuid: string,
  answer: Pick<Refund, 'merchantMessage' | 'txHash'> & {
    readonly status: 'approved' | 'rejected';
  },
): Session {
  const session = findSession(state, uuid);
  const { refund } = session;
  if (refund?.status !== 'pending')
    throw new CheckoutError('not_possible', 'no refund is pending: request one first');
  const respondedAt = state.settings.clock.now();
  return report(
    state,
    { ...session, refund: { ...refund, ...answer, respondedAt } },
    answer.status === 'approved' ? 'refundCompleted' : 'refundDenied',
  );
}

/** The merchant's own refund: asked for and given at once. Throws where nothing can be given back. */
export function refundAtOnce(
  state: SandboxState,
  uuid: string,
  request: Omit<RefundRequest, 'initiatedBy'>,
): Session {
  requestRefund(state, uuid, { ...request, initiatedBy: 'merchant' });
  return approveRefund(state, uuid, '');
}

/** Whether a payment's funds can be paid out: it is paid, not given back in full, and they were not paid out before. */
export function isReleasable({ terms, status, refund, fundsRelease }: Session): boolean {
  const isGone = refund?.status === 'approved' && refund.percent === 100;
  return (
    terms.kind === 'payment' && status === 'completed' && !isGone && fundsRelease === undefined
  );
}

/** Pays what is held of a payment out: to the member who sold it, or the marketplace's newest. Throws where nothing is held of it. */
export function releaseFunds(state: SandboxState, uuid: string): Session {
  const session = findSession(state, uuid);
  if (!isReleasable(session))
    throw new CheckoutError(
      'not_possible',
      'nothing is held of it: funds of a completed payment are paid out once, unless it was refunded in full',
    );
  const { ids, members, settings } = state;
  const fundsRelease: FundsRelease = {
    uuid: `transfer@${ids.uuid()}`,
    txHash: `0x${ids.hex(64)}`,
    at: settings.clock.now(),
    userUuid: session.terms.userUuid ?? members.present().at(-1)?.userUuid,
  };
  return report(state, { ...session, fundsRelease }, 'fundsReleased');
}
