import { misconfigured } from '../errors.js';
import type { Generation } from '../state/events.js';
import type { Member } from '../state/members.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { Session, SessionEvent } from '../state/sessions.js';
import { webhookV1 } from '../wire/bodies-v1.js';
import type { JsonObject } from '../wire/canonical-json.js';
import { envelope, eventV2, type EventBody } from '../wire/events-v2.js';
import { memberJoinedV2, memberRemovedV2 } from '../wire/members-v2.js';
import { webhookTestV1, webhookTestV2 } from '../wire/webhook-test.js';
import { madeUp, type MakeUp } from './made-up-sessions.js';
import { nearest } from './nearest.js';

/** A webhook, before it is sent, and the session that it is about. */
export interface TriggeredBody {
  readonly body: JsonObject;
  readonly session?: Session | undefined;
}

/** One webhook that can be had without a checkout. */
export interface TriggerType {
  readonly version: Generation;
  /** v2's event type; of v1 the name that the sandbox's log gives its webhooks. */
  readonly name: string;
  /** One line for people. */
  readonly summary: string;
  /** Of v2: what v1 tells the same by. */
  readonly inV1?: string;
  readonly make: (state: SandboxState) => TriggeredBody;
}

/** A v2 event about a session: how it stands, and what happened to it. */
function v2(makeUp: MakeUp, happened: SessionEvent): TriggerType['make'] {
  return (state) => {
    const session = makeUp(state);
    const event = eventV2(session, happened);
    if (event === undefined) throw new Error(`v2 has no event for ${happened}`);
    return { session, body: inEnvelope(state, event) };
  };
}

/** A v2 event about no session. */
function v2Alone(event: (state: SandboxState) => EventBody): TriggerType['make'] {
  return (state) => ({ body: inEnvelope(state, event(state)) });
}

function inEnvelope({ ids, settings }: SandboxState, event: EventBody): JsonObject {
  return envelope(`evt_${ids.uuid()}`, event, settings.clock.now());
}

/** Nobody joins: the sandbox's members stay as they are. */
function madeUpMember({ ids, settings }: SandboxState): Member {
  return {
    name: 'Mia',
    lastName: 'Member',
    email: 'mia.member@example.com',
    organizationFeePercent: 0,
    userUuid: ids.uuid(),
    userId: 1_000,
    spaceUuid: ids.uuid(),
    invitationUuid: ids.uuid(),
    joinedAt: settings.clock.now(),
  };
}

/** A v1 webhook about a session; `changes` is written over its fields. */
function v1(makeUp: MakeUp, happened: SessionEvent, changes: JsonObject = {}): TriggerType['make'] {
  return (state) => {
    const session = makeUp(state);
    return { session, body: { ...bodyV1(session, happened), ...changes } };
  };
}

function bodyV1(session: Session, happened: SessionEvent): JsonObject {
  const webhook = webhookV1(session, happened);
  if (webhook === undefined) throw new Error(`v1 has no webhook for ${happened}`);
  return webhook.body;
}

/** A v1 webhook about a session that is not kept: one that waits would be confirmed, and told of again. */
function v1Unkept(makeUp: MakeUp): TriggerType['make'] {
  return (state) => ({ body: bodyV1(makeUp(state), 'completed') });
}

function statusOf(status: string): JsonObject {
  return { status: { status, txHash: '', message: '', settlementDetails: null } };
}

/** Every webhook that can be triggered. A further type is one row. */
export const triggerTypes: readonly TriggerType[] = [
  {
    version: 'v2',
    name: 'payment.completed',
    inV1: 'transaction.completed',
    summary: 'a payment was paid',
    make: v2(madeUp.paid, 'completed'),
  },
  {
    version: 'v2',
    name: 'subscription.created',
    inV1: 'transaction.subscribed',
    summary: 'a subscription began',
    make: v2(madeUp.subscribed, 'completed'),
  },
  {
    version: 'v2',
    name: 'subscription.billed',
    inV1: 'subscription.billing',
    summary: 'a subscription was billed for a period',
    make: v2(madeUp.subscribed, 'billed'),
  },
  {
    version: 'v2',
    name: 'subscription.statusChanged',
    inV1: 'subscription.status_transition',
    summary: 'a subscription was cancelled',
    make: v2(madeUp.cancelled, 'statusChanged'),
  },
  {
    version: 'v2',
    name: 'subscription.actionRequiredChanged',
    summary: 'the customer has to top the allowance up',
    make: v2(madeUp.waitsForCustomer, 'actionRequiredChanged'),
  },
  {
    version: 'v2',
    name: 'subscription.billingFailed',
    summary: 'a bill could not be collected, for the first time',
    make: v2(madeUp.pastDue, 'billingFailed'),
  },
  {
    version: 'v2',
    name: 'subscription.upcomingBill',
    summary: 'a bill is due in three days',
    make: v2(madeUp.dueSoon, 'upcomingBill'),
  },
  {
    version: 'v2',
    name: 'refund.requested',
    summary: 'a customer asks for a refund',
    make: v2(madeUp.refundRequested, 'refundRequested'),
  },
  {
    version: 'v2',
    name: 'refund.completed',
    summary: 'the merchant gave the money back',
    make: v2(madeUp.refunded, 'refundCompleted'),
  },
  {
    version: 'v2',
    name: 'refund.denied',
    summary: 'the merchant keeps the money',
    make: v2(madeUp.refundDenied, 'refundDenied'),
  },
  {
    version: 'v2',
    name: 'member.joined',
    summary: 'someone joined the marketplace',
    make: v2Alone((state) => memberJoinedV2(madeUpMember(state))),
  },
  {
    version: 'v2',
    name: 'member.removed',
    summary: 'someone was removed from the marketplace',
    make: v2Alone((state) => memberRemovedV2(madeUpMember(state))),
  },
  {
    version: 'v2',
    name: 'heldFunds.released',
    summary: 'held funds were paid out',
    make: v2(madeUp.released, 'fundsReleased'),
  },
  {
    version: 'v2',
    name: 'checkout.expired',
    inV1: 'transaction.expired',
    summary: 'a checkout ended unpaid',
    make: v2(madeUp.expired, 'expired'),
  },
  {
    version: 'v2',
    name: 'webhook.test',
    inV1: 'webhook.test',
    summary: "the dashboard's connectivity test",
    make: v2Alone(() => webhookTestV2),
  },
  {
    version: 'v1',
    name: 'transaction.created',
    summary: 'a transaction was made',
    make: v1(madeUp.created, 'completed', statusOf('created')),
  },
  {
    version: 'v1',
    name: 'transaction.waitingConfirmation',
    summary: 'a transaction was sent',
    make: v1Unkept(madeUp.sent),
  },
  {
    version: 'v1',
    name: 'transaction.pending',
    summary: 'a transaction is nearly confirmed',
    make: v1Unkept(madeUp.settling),
  },
  {
    version: 'v1',
    name: 'transaction.completed',
    summary: 'a payment was paid',
    make: v1(madeUp.paid, 'completed'),
  },
  {
    version: 'v1',
    name: 'transaction.subscribed',
    summary: 'a createSubscription transaction was completed',
    make: v1(madeUp.subscribed, 'completed'),
  },
  {
    version: 'v1',
    name: 'transaction.failed',
    summary: 'an attempt to pay failed',
    make: v1(madeUp.failed, 'failed'),
  },
  {
    version: 'v1',
    name: 'transaction.cancelled',
    summary: 'a transaction was cancelled',
    make: v1(madeUp.expired, 'expired', statusOf('cancelled')),
  },
  {
    version: 'v1',
    name: 'transaction.expired',
    summary: 'a checkout ended unpaid',
    make: v1(madeUp.expired, 'expired'),
  },
  {
    version: 'v1',
    name: 'subscription.billing',
    summary: 'a subscription was billed for a period',
    make: v1(madeUp.subscribed, 'billed'),
  },
  {
    version: 'v1',
    name: 'subscription.status_transition',
    summary: 'a subscription was cancelled',
    make: v1(madeUp.cancelled, 'statusChanged'),
  },
  {
    version: 'v1',
    name: 'webhook.test',
    summary: "the dashboard's connectivity test",
    make: ({ settings }) => ({ body: webhookTestV1(settings.clock.now()).body }),
  },
];

/**
 * The webhook of a name, of v2 where both generations have it. `v1` with v2's name is what v1 tells the same by. Throws
 * `misconfigured`, with the nearest names, when there is none.
 */
export function triggerTypeNamed(name: string, version?: Generation): TriggerType {
  const of = (wanted: Generation, given: string): TriggerType | undefined =>
    triggerTypes.find((row) => row.version === wanted && row.name === given);
  if (version === 'v1') {
    const found = of('v1', name) ?? of('v1', of('v2', name)?.inV1 ?? '');
    if (found !== undefined) return found;
  } else {
    const found = of('v2', name) ?? (version === undefined ? of('v1', name) : undefined);
    if (found !== undefined) return found;
  }
  throw unknownType(name, version);
}

function unknownType(name: string, version: Generation | undefined): Error {
  const names = triggerTypes
    .filter((row) => version === undefined || row.version === version)
    .map((row) => row.name);
  const near = nearest(name, [...new Set(names)]);
  const kind = version === undefined ? 'type' : `type of ${version}`;
  return misconfigured(
    `there is no ${kind} ${JSON.stringify(name.slice(0, 100))} to trigger: did you mean ${near.join(', ')}? All: qbitflow-sandbox trigger --list`,
  );
}
