import { CheckoutError } from '../errors.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { Session, SubscriptionStatus } from '../state/sessions.js';
import type { JsonObject } from '../wire/canonical-json.js';
import { choice, percent, refuseOthers, text, type ActionField } from './action-fields.js';
import { FAILABLE, failBill, setBillsFail, SETTABLE } from './dunning.js';
import { findSession } from './find-session.js';
import {
  approveRefund,
  denyRefund,
  isRefundable,
  isReleasable,
  refundAtOnce,
  releaseFunds,
  requestRefund,
} from './refunds.js';
import { expireSession, failSession, paySession } from './session-lifecycle.js';
import {
  announceBill,
  BILLABLE,
  billSubscription,
  CANCELLABLE,
  cancelSubscription,
  expireTrial,
  pauseSubscription,
  requireAction,
  resumeSubscription,
  RUNNING,
  STOPPABLE,
  stopSubscription,
} from './subscriptions.js';

/** What came of something a customer did. */
export interface CustomerOutcome {
  readonly session: Session;
  /** Where the customer is sent now: the merchant's success or cancel URL, filled in. */
  readonly redirectUrl?: string | undefined;
}

/** Something that a customer, the merchant or QBitFlow does with a session, or with what it became. */
export interface SessionAction {
  readonly name: ActionName;
  /** One line for people. */
  readonly summary: string;
  /** What it can be told; every field has a default. */
  readonly fields: readonly ActionField[];
  /** Whether it can be done with a session as that stands. */
  readonly applies: (session: Session) => boolean;
  /** Does it. Throws a `CheckoutError` for an unknown session, for one that it does not apply to and for wrong input. */
  readonly run: (state: SandboxState, uuid: string, input?: JsonObject) => CustomerOutcome;
}

interface ActionRow {
  readonly summary: string;
  readonly fields?: readonly ActionField[];
  readonly applies: (session: Session) => boolean;
  readonly run: (state: SandboxState, uuid: string, input: JsonObject) => Session;
  /** Which of the merchant's pages the customer is sent to. */
  readonly leadsTo?: 'successUrl' | 'cancelUrl';
}

const isOpen = ({ status }: Session): boolean => status === 'created';
const subscriptionIs =
  (statuses: readonly SubscriptionStatus[]) =>
  ({ subscription }: Session): boolean =>
    subscription !== undefined && statuses.includes(subscription.status);

const REASONS = [
  'insufficientBalance',
  'allowanceExhausted',
  'approvalRevoked',
  'maxAmountExceeded',
  'other',
] as const;
const FAILURE = choice('reason', REASONS);
const FAILURES_AHEAD = choice('reason', [...REASONS, 'none']);
const CANCELLATION = choice('reason', [
  'customer',
  'merchant',
  'billingFailed',
  'trialNotConverted',
  'merchantClosed',
  'inactiveOnChain',
]);
const REQUIRED = choice('action', ['topUpAllowance', 'raiseMaximum', 'confirmTrial', 'none']);
const INITIATOR = choice('by', ['customer', 'merchant']);
const PERCENT = percent('percent', { least: 0.01, byDefault: 100 });
const REFUND_REASON = text('reason', { most: 500, byDefault: 'not as expected' });
const MESSAGE = text('message', { most: 500 });

/** Everything that can be done with a session: code, HTTP, command line and pages offer these, under these names. */
const ACTIONS = {
  pay: {
    summary: 'the customer pays; once paid, they only go back to the shop',
    applies: ({ status }) => status !== 'expired',
    run(state, uuid) {
      const found = findSession(state, uuid);
      const isPaid = found.status === 'completed' || found.status === 'waitingConfirmation';
      return isPaid ? found : paySession(state, uuid);
    },
    leadsTo: 'successUrl',
  },
  fail: {
    summary: 'an attempt to pay fails; the session stays open',
    applies: isOpen,
    run: failSession,
  },
  abandon: {
    summary: 'the customer goes back to the shop unpaid; the session stays open',
    applies: isOpen,
    run: findSession,
    leadsTo: 'cancelUrl',
  },
  expire: {
    summary: 'the session ends unpaid',
    applies: isOpen,
    run: expireSession,
  },
  bill: {
    summary: 'the next bill is collected now; ends a trial, and makes one that is past due active',
    applies: subscriptionIs(BILLABLE),
    run: billSubscription,
  },
  failBill: {
    summary: 'a try to collect the bill fails now: past due, cancelled after the last try',
    fields: [FAILURE],
    applies: subscriptionIs(FAILABLE),
    run: (state, uuid, input) => failBill(state, uuid, FAILURE.of(input)),
  },
  failBills: {
    summary: 'bills by the calendar fail from now on, until told `none`',
    fields: [FAILURES_AHEAD],
    applies: subscriptionIs(SETTABLE),
    run(state, uuid, input) {
      const reason = FAILURES_AHEAD.of(input);
      return setBillsFail(state, uuid, reason === 'none' ? undefined : reason);
    },
  },
  announceBill: {
    summary: 'the next bill is announced now',
    applies: subscriptionIs(RUNNING),
    run: announceBill,
  },
  requireAction: {
    summary: 'the customer has to do something before the next bill, or it fails',
    fields: [REQUIRED],
    applies: subscriptionIs(STOPPABLE),
    run(state, uuid, input) {
      const action = REQUIRED.of(input);
      return requireAction(state, uuid, action === 'none' ? undefined : action);
    },
  },
  expireTrial: {
    summary: 'the trial ends without a bill; cancelled seven days later unless it is billed',
    applies: subscriptionIs(['trial']),
    run: expireTrial,
  },
  pause: {
    summary: 'no bills until it is resumed',
    applies: subscriptionIs(['active']),
    run: pauseSubscription,
  },
  resume: {
    summary: 'bills come again, one at once where its period has ended',
    applies: subscriptionIs(['paused']),
    run: resumeSubscription,
  },
  stop: {
    summary: 'no more bills, for good',
    applies: subscriptionIs(STOPPABLE),
    run: stopSubscription,
  },
  cancel: {
    summary: 'the subscription is cancelled; what is paid stays paid until its period ends',
    fields: [CANCELLATION],
    applies: subscriptionIs(CANCELLABLE),
    run: (state, uuid, input) => cancelSubscription(state, uuid, CANCELLATION.of(input)),
  },
  requestRefund: {
    summary: 'customer or merchant asks for a refund of what was paid last',
    fields: [INITIATOR, PERCENT, REFUND_REASON],
    applies: isRefundable,
    run: (state, uuid, input) =>
      requestRefund(state, uuid, {
        initiatedBy: INITIATOR.of(input),
        percent: PERCENT.of(input),
        reason: REFUND_REASON.of(input),
      }),
  },
  approveRefund: {
    summary: 'the merchant gives the money back',
    fields: [MESSAGE],
    applies: ({ refund }) => refund?.status === 'pending',
    run: (state, uuid, input) => approveRefund(state, uuid, MESSAGE.of(input)),
  },
  denyRefund: {
    summary: 'the merchant keeps the money; it can be asked for again',
    fields: [MESSAGE],
    applies: ({ refund }) => refund?.status === 'pending',
    run: (state, uuid, input) => denyRefund(state, uuid, MESSAGE.of(input)),
  },
  refund: {
    summary: "the merchant's own refund: asked for and given at once",
    fields: [PERCENT, REFUND_REASON],
    applies: isRefundable,
    run: (state, uuid, input) =>
      refundAtOnce(state, uuid, { percent: PERCENT.of(input), reason: REFUND_REASON.of(input) }),
  },
  releaseFunds: {
    summary: "what is held of a payment is paid out to the marketplace's newest member",
    applies: isReleasable,
    run: releaseFunds,
  },
} as const satisfies Record<string, ActionRow>;

/** The name of an action, the same in code, in URLs and on the command line. */
export type ActionName = keyof typeof ACTIONS;

/** Every action, in the order in which people are shown them. */
export const sessionActions: readonly SessionAction[] = Object.keys(ACTIONS)
  .filter(isActionName)
  .map((name) => actionOf(name, ACTIONS[name]));

function isActionName(name: string): name is ActionName {
  return Object.hasOwn(ACTIONS, name);
}

function actionOf(name: ActionName, row: ActionRow): SessionAction {
  const { summary, fields = [], applies, leadsTo } = row;
  return {
    name,
    summary,
    fields,
    applies,
    run(state, uuid, input = {}) {
      refuseOthers(input, fields);
      const session = row.run(state, uuid, input);
      const template = leadsTo && session.terms[leadsTo];
      return template === undefined
        ? { session }
        : { session, redirectUrl: fillPlaceholders(template, session) };
    },
  };
}

/** The action of a name. Throws, listing all, when there is none. */
export function actionNamed(name: string): SessionAction {
  const action = sessionActions.find((known) => known.name === name);
  if (action !== undefined) return action;
  const names = sessionActions.map((known) => known.name).join(', ');
  throw new CheckoutError(
    'unknown',
    `there is no action ${JSON.stringify(name)}: there are ${names}`,
  );
}

/**
 * A merchant's success or cancel URL with its placeholders filled in, percent-encoded as query values.
 * Braces that the merchant's client encoded are left alone, as QBitFlow leaves them.
 */
function fillPlaceholders(template: string, { uuid, terms }: Session): string {
  return template
    .replaceAll('{{UUID}}', () => encodeURIComponent(uuid))
    .replaceAll('{{TRANSACTION_TYPE}}', () => encodeURIComponent(terms.placeholderType));
}
