import type { FakeClock } from '@qbitflow/core/testing';
import type { Sandbox } from '../../src/index.js';
import { followed, openLive } from '../support/live-client.js';
import { call } from '../support/world.js';
import type { Judge } from './judge.js';

/** What a session is opened with: the route under `/v1` or `/v2`, and the body. */
export interface Opening {
  readonly route: string;
  readonly body: object;
}

const HALF_MS = 500;
/** How long payments wait in the sandboxes that are walked through. */
export const CONFIRMATION_MS = 2 * HALF_MS;

/** A sandbox and who judges all that it says. */
export interface Stage {
  readonly sandbox: Sandbox;
  readonly clock: FakeClock;
  readonly judge: Judge;
}

/** Calls the API and has the answer judged. */
export async function ask(
  { sandbox, judge }: Stage,
  request: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<Record<string, unknown>> {
  const answer = await call(sandbox, request, body, headers);
  judge.answer(request, answer.status, answer.body);
  return answer.body;
}

const READS = [
  'v1/transaction/session-checkout/:uuid?closeToExpireError=false',
  'v1/transaction/status?txUUID=:uuid&txType=payment',
  'v1/transaction/status?transactionUUID=:uuid&transactionStatusType=payment',
  'v1/transaction/payment/:uuid',
  'v1/transaction/subscription/:uuid',
  'v2/transaction/session-checkout/:uuid/status',
  'v2/transaction/payment/:uuid',
  'v2/transaction/subscription/:uuid',
];

/** Asks all that can be asked about a session. */
async function look(stage: Stage, uuid: string): Promise<void> {
  for (const read of READS)
    await ask(stage, `GET /${read.replace(':uuid', encodeURIComponent(uuid))}`);
}

/** Opens a session and judges every body there is about it in every state up to its end. */
export async function walkThrough(stage: Stage, { route, body }: Opening): Promise<void> {
  const { sandbox, clock } = stage;
  const uuid = String((await ask(stage, `POST ${route}`, body))['uuid']);
  const steps = [
    async () => undefined,
    async () => sandbox.fail(uuid),
    async () => sandbox.pay(uuid),
    async () => clock.advance(HALF_MS),
    async () => clock.advance(HALF_MS),
    ...(uuid.startsWith('sub@')
      ? [async () => sandbox.bill(uuid), async () => sandbox.cancel(uuid)]
      : []),
  ];
  await follow(stage, uuid, steps);
}

/** Opens a session, lets it end unpaid, and judges every body there is about it. */
export async function letExpire(stage: Stage, { route, body }: Opening): Promise<void> {
  const uuid = String((await ask(stage, `POST ${route}`, body))['uuid']);
  await follow(stage, uuid, [async () => stage.sandbox.expire(uuid)]);
}

/** Takes steps with a session; every body there is about it is judged after each. */
export async function follow(
  stage: Stage,
  uuid: string,
  steps: readonly (() => Promise<unknown>)[],
): Promise<void> {
  const { sandbox, judge } = stage;
  const known = sandbox.events.length;
  const live = openLive(sandbox, followed(uuid));
  for (const step of steps) {
    await step();
    await look(stage, uuid);
  }
  sandbox.endWebSockets(1000);
  await live.closed;
  for (const message of live.heard()) judge.message(message);
  for (const { version, text } of sandbox.events.slice(known))
    judge.webhook(version, JSON.parse(text));
}

const DAY_MS = 86_400_000;

/** Opens sessions and judges every body of what merchants meet later: bills that fail, refunds, members and the like. */
export async function walkThroughLater(stage: Stage, openings: LaterOpenings): Promise<void> {
  const { sandbox, judge } = stage;
  const known = sandbox.events.length;
  await liveOn(stage, openings.subscription, [
    (uuid) => sandbox.announceBill(uuid),
    (uuid) => sandbox.requireAction(uuid, { action: 'raiseMaximum' }),
    (uuid) => sandbox.requireAction(uuid, { action: 'topUpAllowance' }),
    (uuid) => sandbox.bill(uuid),
    (uuid) => sandbox.requestRefund(uuid, { percent: 33.3 }),
    (uuid) => sandbox.denyRefund(uuid, { message: 'No.' }),
    (uuid) => sandbox.pause(uuid),
    (uuid) => sandbox.resume(uuid),
    (uuid) => sandbox.failBill(uuid),
    (uuid) => sandbox.bill(uuid),
    (uuid) => sandbox.failBills(uuid, { reason: 'approvalRevoked' }),
    () => sandbox.advance(120 * DAY_MS),
  ]);
  await liveOn(stage, openings.subscription, [(uuid) => sandbox.stop(uuid)]);
  await liveOn(stage, openings.trial, [
    (uuid) => sandbox.requireAction(uuid, { action: 'confirmTrial' }),
    () => sandbox.advance(7 * DAY_MS),
    (uuid) => sandbox.bill(uuid),
  ]);
  await liveOn(stage, openings.trial, [
    (uuid) => sandbox.expireTrial(uuid),
    () => sandbox.advance(7 * DAY_MS),
  ]);
  await liveOn(stage, openings.payment, [
    (uuid) => sandbox.requestRefund(uuid, { by: 'customer', percent: 12.5 }),
    (uuid) => sandbox.approveRefund(uuid, { message: 'Gladly.' }),
    (uuid) => sandbox.releaseFunds(uuid),
  ]);
  const { userUuid } = await sandbox.joinMember({ organizationFeePercent: 2.5 });
  await sandbox.removeMember(userUuid);
  await sandbox.testWebhook();
  for (const { version, text } of sandbox.events.slice(known))
    judge.webhook(version, JSON.parse(text));
}

/** What is opened for it. */
export interface LaterOpenings {
  readonly payment: Opening;
  readonly subscription: Opening;
  readonly trial: Opening;
}

async function liveOn(
  stage: Stage,
  { route, body }: Opening,
  steps: readonly ((uuid: string) => Promise<unknown>)[],
): Promise<void> {
  const uuid = String((await ask(stage, `POST ${route}`, body))['uuid']);
  await stage.sandbox.pay(uuid);
  await stage.sandbox.advance(CONFIRMATION_MS);
  for (const step of steps) {
    await step(uuid);
    await look(stage, uuid);
  }
}
