import type { DurableStore, TakenDelivery } from '@qbitflow/core';
import type { FakeClock } from '@qbitflow/core/testing';
import { payment } from '../../support/deliveries.js';

/** A fresh store and the clock it goes by. */
export interface StoreUnderTest {
  readonly store: DurableStore;
  readonly clock: FakeClock;
}

export const LEASE = 30_000;

/** Takes one delivery, which must be due. */
export async function takeOne({ store }: StoreUnderTest): Promise<TakenDelivery> {
  const [taken] = await store.takeDue({ limit: 1, leaseMs: LEASE });
  if (taken === undefined) throw new Error('nothing was due');
  return taken;
}

/** Records payments of these numbers. */
export async function recorded(
  under: StoreUnderTest,
  ...numbers: number[]
): Promise<StoreUnderTest> {
  for (const number of numbers) await under.store.record(payment(number));
  return under;
}

export const keysOf = (deliveries: readonly { key: string }[]) => deliveries.map(({ key }) => key);
export const keys = (...numbers: number[]) => numbers.map((number) => payment(number).key);
export const none = { succeeded: [] };

/** Gives a fresh, empty store. */
export type MakeStore = () => Promise<StoreUnderTest>;
