import { fakeClock } from '@qbitflow/core/testing';
import {
  type Arbitrary,
  array,
  assert,
  asyncProperty,
  constantFrom,
  integer,
  oneof,
  option,
} from 'fast-check';
import { expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/index.js';
import { logged, readByTheKit } from '../support/log.js';
import { openSubscription } from '../support/world.js';

const DAY_MS = 86_400_000;

type Step = (sandbox: Sandbox, uuid: string) => Promise<unknown>;

const reason = constantFrom('insufficientBalance', 'approvalRevoked', 'other');
const action = constantFrom('topUpAllowance', 'raiseMaximum', 'confirmTrial', 'none');

/** Anything that can be asked of a sandbox about a subscription, whether it applies or not. */
const step: Arbitrary<Step> = oneof(
  integer({ min: 0, max: 40 }).map(
    (days): Step =>
      (sandbox) =>
        sandbox.advance(days * DAY_MS),
  ),
  reason.map(
    (why): Step =>
      (sandbox, uuid) =>
        sandbox.failBill(uuid, { reason: why }),
  ),
  option(reason, { nil: 'none' as const }).map(
    (why): Step =>
      (sandbox, uuid) =>
        sandbox.failBills(uuid, { reason: why }),
  ),
  action.map(
    (what): Step =>
      (sandbox, uuid) =>
        sandbox.requireAction(uuid, { action: what }),
  ),
  constantFrom(
    'bill',
    'announceBill',
    'expireTrial',
    'pause',
    'resume',
    'stop',
    'cancel',
    'refund',
    'requestRefund',
    'denyRefund',
  ).map(
    (name): Step =>
      (sandbox, uuid) =>
        sandbox[name](uuid),
  ),
);

/** How the subscription stood by one event, and how the next one says that it stood before. */
interface Link {
  readonly before: unknown;
  readonly after: unknown;
}

/** v2 tells each change from where the last one led, and everything else as it stands then. */
function linksV2(sandbox: Sandbox): Link[] {
  return logged(sandbox, 'v2')
    .filter(({ type }) => type.startsWith('subscription.') && !type.endsWith('.billed'))
    .map(({ type, data }) => {
      const { status, actionRequired, previousStatus, previousActionRequired } = data;
      const isOfStatus = type.endsWith('.statusChanged');
      const isOfAction = type.endsWith('.actionRequiredChanged');
      return {
        before: [
          isOfStatus ? previousStatus : status,
          isOfAction ? previousActionRequired : actionRequired,
        ],
        after: [status, actionRequired],
      };
    });
}

/** v1 tells each change of its own statuses from where the last one led. */
function linksV1(sandbox: Sandbox): Link[] {
  return logged(sandbox, 'v1')
    .filter(({ type }) => type === 'subscription.status_transition')
    .map(({ data }) => {
      const { previousStatus, currentStatus }: Record<string, unknown> = Object(data['data']);
      return { before: previousStatus, after: currentStatus };
    });
}

function expectNoGap(links: readonly Link[]): void {
  expect(links.slice(1).map(({ before }) => before)).toEqual(
    links.slice(0, -1).map(({ after }) => after),
  );
}

/** No period is billed twice, and no bill told twice. */
function expectBills(sandbox: Sandbox): void {
  const bills = logged(sandbox, 'v2').filter(({ type }) => type === 'subscription.billed');
  const uuids = bills.map(({ data }) => data['uuid']);
  expect(new Set(uuids).size).toBe(uuids.length);
  expect(sandbox.sessions[0]?.subscription?.billCount).toBe(uuids.length);
  const ends = bills.map(({ data }) => String(data['periodEnd']));
  for (const [index, { data }] of bills.slice(1).entries())
    expect(String(data['periodStart']) >= (ends[index] ?? '')).toBe(true);
}

/** What does not apply is refused in words of the sandbox's own. */
function isOfTheSandbox(error: unknown): boolean {
  return error instanceof Error && error.name === 'CheckoutError';
}

/** Lives through the steps; resolves to what was refused. */
async function live(sandbox: Sandbox, uuid: string, steps: readonly Step[]): Promise<unknown[]> {
  const refused: unknown[] = [];
  await sandbox.pay(uuid);
  for (const one of steps) await one(sandbox, uuid).catch((error: unknown) => refused.push(error));
  return refused;
}

test.each([
  ['trial', { trialPeriod: { value: 2, unit: 'weeks' } }],
  ['active', {}],
])(
  'whatever is done with a subscription, it is told without a gap: from %s on',
  async (first, terms) => {
    const told = asyncProperty(array(step, { maxLength: 25 }), async (steps) => {
      const sandbox = await startSandbox({ clock: fakeClock() });
      try {
        const refused = await live(sandbox, await openSubscription(sandbox, terms), steps);
        expect(refused.filter((error) => !isOfTheSandbox(error))).toEqual([]);
        expectNoGap(linksV2(sandbox));
        expectNoGap([{ before: undefined, after: first }, ...linksV1(sandbox)]);
        expect(linksV1(sandbox).filter(({ before, after }) => before === after)).toEqual([]);
        expectBills(sandbox);
        const times = sandbox.events.map(({ createdAt }) => createdAt);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        readByTheKit(sandbox);
      } finally {
        await sandbox.close();
      }
    });
    await assert(told, { numRuns: 60 });
  },
);
