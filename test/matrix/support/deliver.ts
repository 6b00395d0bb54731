import { randomUUID } from 'node:crypto';
import { fixtures, signDelivery, type SignedDelivery } from '@qbitflow/core/testing';
import { expect, vi } from 'vitest';
import { type Answer, send } from './send.js';
import { type Handled, type Receiver, SECRETS } from './start-receiver.js';

/** What the kit answers to a genuine delivery: first and again. */
export const RECEIVED = [200, { received: true }] as const;
export const DUPLICATE = [200, { received: true, duplicate: true }] as const;
export const REFUSED = [401, { error: 'invalid signature' }] as const;

/** The id of a payment nobody has made yet. */
export const freshId = (): string => `pay@${randomUUID()}`;

/** A completed payment as v2 tells it; every call is another event. */
export function paymentV2(uuid: string, data: Record<string, unknown> = {}): object {
  const id = `evt_${randomUUID()}`;
  return fixtures.v2['payment.completed']({ id, data: { ...data, uuid } });
}

/** A completed payment as v1 tells it. */
export function paymentV1(uuid: string): object {
  return fixtures.v1.paymentCompleted({ uuid, session: { uuid } });
}

/** Signed now, with the newest secret. */
export function signed(version: 'v1' | 'v2', body: unknown): SignedDelivery {
  return signDelivery({ version, body, secret: SECRETS[0] });
}

/** Sends a delivery to the receiver's webhook. */
export async function post(
  receiver: Receiver,
  { headers, body }: SignedDelivery,
  path = '/webhook',
): Promise<Answer> {
  return send(`${receiver.url}${path}`, { method: 'POST', headers, body });
}

/** Signs and sends a body; gives the status and the JSON of the answer. */
export async function deliver(
  receiver: Receiver,
  version: 'v1' | 'v2',
  body: unknown,
): Promise<readonly [number, unknown]> {
  return outcome(await post(receiver, signed(version, body)));
}

/** Status and JSON of an answer. */
export function outcome({ status, text }: Answer): readonly [number, unknown] {
  return [status, JSON.parse(text)];
}

/** The log's lines about this id, of a payment or of an event. */
export async function linesAbout(receiver: Receiver, id: string): Promise<Handled[]> {
  return (await receiver.handled()).filter((line) => line.uuid === id || line.id === id);
}

/** Waits until a handler has succeeded for this id, and gives that line. */
export async function handled(receiver: Receiver, id: string): Promise<Handled> {
  return vi.waitFor(
    async () => {
      const [line] = await linesAbout(receiver, id);
      expect(line, `a handler success for ${id}`).toBeDefined();
      return line as Handled;
    },
    { timeout: 15_000, interval: 10 },
  );
}

/** Shows that the receiver still works, and that what was due before has had its turn. */
export async function stillServes(receiver: Receiver): Promise<void> {
  const uuid = freshId();
  expect(await deliver(receiver, 'v2', paymentV2(uuid))).toEqual(RECEIVED);
  await handled(receiver, uuid);
  expect(receiver.exitCode()).toBeUndefined();
}

/** The log's lines about this id after everything that was due has had its turn. */
export async function finalLinesAbout(receiver: Receiver, id: string): Promise<Handled[]> {
  await stillServes(receiver);
  return linesAbout(receiver, id);
}
