import { randomUUID } from 'node:crypto';
import { fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import {
  deliver,
  DUPLICATE,
  finalLinesAbout,
  freshId,
  handled,
  linesAbout,
  paymentV1,
  paymentV2,
  RECEIVED,
  stillServes,
} from '../support/deliver.js';
import type { Subject } from '../support/receivers.js';

/** One delivery of each generation, all the way. */
export function firstDeliveries({ receiver }: Subject): void {
  test('a genuine v2 delivery is answered 200 and handled once', async () => {
    const it = await receiver();
    const uuid = freshId();
    expect(await deliver(it, 'v2', paymentV2(uuid))).toEqual(RECEIVED);
    const line = await handled(it, uuid);
    expect(line).toMatchObject({
      key: `payment.completed:${uuid}`,
      type: 'payment.completed',
      version: 'v2',
      attempt: 1,
    });
  });

  test('a genuine v1 delivery is answered 200 and handled once', async () => {
    const it = await receiver();
    const uuid = freshId();
    expect(await deliver(it, 'v1', paymentV1(uuid))).toEqual(RECEIVED);
    const line = await handled(it, uuid);
    expect(line).toMatchObject({
      key: `payment.completed:${uuid}`,
      type: 'payment.completed',
      version: 'v1',
    });
  });
}

/** What comes again, in both generations, of every type, and in odd shapes. */
export function deliveries({ receiver }: Subject): void {
  test('the same delivery again is a duplicate and runs nothing', async () => {
    const it = await receiver();
    const uuid = freshId();
    const body = paymentV2(uuid);
    expect(await deliver(it, 'v2', body)).toEqual(RECEIVED);
    await handled(it, uuid);
    expect(await deliver(it, 'v2', body)).toEqual(DUPLICATE);
    expect(await finalLinesAbout(it, uuid)).toHaveLength(1);
  });

  test('twenty of the same at one instant: one is new, one run', async () => {
    const it = await receiver();
    const uuid = freshId();
    const body = paymentV2(uuid);
    const answers = await Promise.all(Array.from({ length: 20 }, () => deliver(it, 'v2', body)));
    const duplicates = answers.filter(([, answer]) => Object.hasOwn(Object(answer), 'duplicate'));
    expect(answers.map(([status]) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(duplicates).toHaveLength(19);
    expect(await finalLinesAbout(it, uuid)).toHaveLength(1);
  });

  test('one payment told by v1 and by v2 is handled once', async () => {
    const it = await receiver();
    const uuid = freshId();
    expect(await deliver(it, 'v1', paymentV1(uuid))).toEqual(RECEIVED);
    expect(await deliver(it, 'v2', paymentV2(uuid))).toEqual(DUPLICATE);
    expect(await finalLinesAbout(it, uuid)).toHaveLength(1);
  });

  test.each(Object.entries(fixtures.v2))('%s is answered 200 and handled', async (type, make) => {
    const it = await receiver();
    const id = `evt_${randomUUID()}`;
    const data = type.startsWith('member.') ? {} : { uuid: randomUUID() };
    expect(await deliver(it, 'v2', make({ id, data }))).toEqual(RECEIVED);
    expect(await handled(it, id)).toMatchObject({ type });
  });

  test('a type newer than the kit is answered 200 and handled under its own name', async () => {
    const it = await receiver();
    const id = `evt_${randomUUID()}`;
    const body = { id, type: 'loyalty.awarded', version: 'v2', test: true, data: { points: 3 } };
    expect(await deliver(it, 'v2', body)).toEqual(RECEIVED);
    expect(await handled(it, id)).toMatchObject({ type: 'loyalty.awarded' });
  });

  test('fields nobody knows and fields left out are no error', async () => {
    const it = await receiver();
    const [grown, shrunk] = [freshId(), freshId()];
    expect(await deliver(it, 'v2', paymentV2(grown, { loyalty: { points: [1] } }))).toEqual(
      RECEIVED,
    );
    const bare = { id: `evt_${randomUUID()}`, type: 'payment.completed', data: { uuid: shrunk } };
    expect(await deliver(it, 'v2', bare)).toEqual(RECEIVED);
    expect(await handled(it, grown)).toMatchObject({ type: 'payment.completed' });
    expect(await handled(it, shrunk)).toMatchObject({ type: 'payment.completed' });
  });

  test('a field of the wrong JSON type is answered 200, handled by nobody, and reported', async () => {
    const it = await receiver();
    const id = `evt_${randomUUID()}`;
    const body = fixtures.v2['payment.completed']({ id, data: { uuid: 42 } });
    expect(await deliver(it, 'v2', body)).toEqual(RECEIVED);
    await stillServes(it);
    expect(await linesAbout(it, id)).toEqual([]);
    await expect
      .poll(() => it.complaints().filter(({ message }) => message.includes('data.uuid')))
      .toMatchObject([{ onError: 'unreadable_event', stage: 'parse' }]);
  });

  test("v1's connectivity test is answered 200 and dispatched to nobody", async () => {
    const it = await receiver();
    expect(await deliver(it, 'v1', fixtures.v1.connectivityTest())).toEqual(RECEIVED);
    expect(await finalLinesAbout(it, 'test-webhook-id')).toEqual([]);
  });

  test("v2's webhook.test is dispatched like any event", async () => {
    const it = await receiver();
    const id = `evt_${randomUUID()}`;
    expect(await deliver(it, 'v2', fixtures.v2['webhook.test']({ id }))).toEqual(RECEIVED);
    expect(await handled(it, id)).toMatchObject({ type: 'webhook.test' });
  });
}
