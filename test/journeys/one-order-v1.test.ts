import { describe, expect, test } from 'vitest';
import { HOUR, openOrderShop, refusalOf } from './support/order-shop.js';

const paid = (uuid: string) => ({
  code: 'already_paid',
  facts: { reference: 'order-1', uuid },
});

// v1 has no keys and ends no session: what one process does not know, it cannot find out.
describe.each(['payment', 'subscription'] as const)('one order on v1, %s', (kind) => {
  test('a double click in one process, at once and a moment later, opens one session', async () => {
    const { sandbox, newProcess } = await openOrderShop('v1', kind);
    const click = newProcess();
    const [one, two] = await Promise.all([click({ price: 0.3 }), click({ price: 0.1 + 0.2 })]);
    expect(two).toEqual(one);
    expect(await click({ price: 0.3 })).toEqual(one);
    expect(sandbox.sessions).toHaveLength(1);
  });

  test('an expired order is bought again, over its time and before', async () => {
    const { sandbox, clock, newProcess, open } = await openOrderShop('v1', kind);
    const click = newProcess();
    const first = await click();
    await clock.advance(24 * HOUR);
    const second = await click();
    expect(open()).toEqual([second.uuid]);
    await sandbox.expire(second.uuid);
    const third = await click();
    expect(open()).toEqual([third.uuid]);
    expect(new Set([first.uuid, second.uuid, third.uuid]).size).toBe(3);
  });

  test('a total that changes while the session is open, and after it expired, is sold', async () => {
    const { sandbox, clock, newProcess } = await openOrderShop('v1', kind);
    const click = newProcess();
    await click({ price: 10 });
    const twelve = await click({ price: 12 });
    expect(await click({ price: 12 })).toEqual(twelve);
    await clock.advance(24 * HOUR);
    await click({ price: 10 });
    expect(sandbox.sessions.map(({ terms }) => terms.price)).toEqual([10, 12, 10]);
  });

  test('a paid order that is clicked on again opens nothing, whatever its total is now', async () => {
    const { sandbox, clock, newProcess } = await openOrderShop('v1', kind);
    const click = newProcess();
    const { uuid } = await click({ price: 10 });
    await sandbox.pay(uuid);
    for (const price of [10, 12])
      expect(await refusalOf(click({ price }))).toMatchObject(paid(uuid));
    await clock.advance(48 * HOUR);
    expect(await refusalOf(click())).toMatchObject(paid(uuid));
    const other = newProcess();
    expect(await refusalOf(other({ replaces: uuid }))).toMatchObject(paid(uuid));
    expect(sandbox.sessions).toHaveLength(1);
  });

  test('an order that is being paid is sent to the page where it is paid', async () => {
    const { sandbox, clock, newProcess } = await openOrderShop('v1', kind, {
      confirmationMs: HOUR,
    });
    const click = newProcess();
    const session = await click();
    await sandbox.pay(session.uuid);
    expect(await click()).toEqual(session);
    expect(await click({ price: 12 })).toEqual(session);
    expect(await refusalOf(newProcess()({ replaces: session.uuid }))).toMatchObject({
      code: 'payment_in_progress',
      facts: { uuid: session.uuid },
    });
    // v1's word for the second half.
    await clock.advance(HOUR / 2);
    expect(await click()).toEqual(session);
    expect(sandbox.sessions).toHaveLength(1);
  });

  test('a failed attempt ends it there: the order is bought anew', async () => {
    const { sandbox, newProcess } = await openOrderShop('v1', kind);
    const click = newProcess();
    const first = await click();
    await sandbox.fail(first.uuid);
    const second = await click();
    expect(second.uuid).not.toBe(first.uuid);
    await sandbox.pay(second.uuid);
    expect(await refusalOf(click())).toMatchObject(paid(second.uuid));
  });
});
