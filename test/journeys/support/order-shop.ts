import { createQBitFlow, type QBitFlow } from '@qbitflow/core';
import { type FakeClock, fakeClock } from '@qbitflow/core/testing';
import { type Sandbox, type SandboxOptions, startSandbox } from '@qbitflow/sandbox';
import { onTestFinished } from 'vitest';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** What is bought: the same order each time, on terms that may change. */
export interface Terms {
  readonly price?: number;
  readonly replaces?: string;
  readonly expiresInMinutes?: number;
}

export type Kind = 'payment' | 'subscription';

/** A click on "Pay", in one process. */
export type Click = (terms?: Terms) => ReturnType<QBitFlow['checkout']['createPayment']>;

export interface OrderShop {
  readonly sandbox: Sandbox;
  readonly clock: FakeClock;
  /** A process of the shop: it shares nothing with the others but QBitFlow. */
  readonly newProcess: () => Click;
  /** The kit of a process of its own. */
  readonly newKit: () => QBitFlow;
  /** The sessions that can be paid now. */
  readonly open: () => string[];
}

/** A shop that sells one order, beside a sandbox whose time stands still. */
export async function openOrderShop(
  generation: 'v1' | 'v2',
  kind: Kind,
  options: SandboxOptions = {},
): Promise<OrderShop> {
  const clock = fakeClock();
  const sandbox = await startSandbox({ clock, priceCapUsd: Infinity, ...options });
  onTestFinished(() => sandbox.close());
  const { apiKey, secret: webhookSecret } = sandbox;
  const baseUrl = generation === 'v1' ? sandbox.v1Url : sandbox.v2Url;
  const newKit = (): QBitFlow => {
    const kit = createQBitFlow({ logger: false, apiKey, webhookSecret, baseUrl, clock });
    onTestFinished(async () => kit.close());
    return kit;
  };
  const product = { productName: 'Tea', description: 'One packet', reference: 'order-1' };
  const newProcess = (): Click => {
    const { checkout } = newKit();
    return async ({ price = 10, ...terms } = {}) =>
      kind === 'payment'
        ? checkout.createPayment({ ...product, price, ...terms })
        : checkout.createSubscription({
            ...product,
            price,
            ...terms,
            frequency: { value: 1, unit: 'months' },
          });
  };
  const open = (): string[] =>
    sandbox.sessions.filter(({ status }) => status === 'created').map(({ uuid }) => uuid);
  return { sandbox, clock, newProcess, newKit, open };
}

/** What a click is refused with. */
export async function refusalOf(click: Promise<unknown>): Promise<unknown> {
  try {
    await click;
  } catch (error) {
    return error;
  }
  throw new Error('it was not refused');
}
