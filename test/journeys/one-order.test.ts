import { describe, expect, test } from 'vitest';
import { HOUR, MINUTE, openOrderShop, refusalOf } from './support/order-shop.js';

const kinds = ['payment', 'subscription'] as const;

const held = {
  code: 'invalid_checkout',
  facts: {
    fieldErrors: [{ field: 'reference', message: expect.stringContaining('give it as replaces') }],
  },
};

const paid = (uuid: string) => ({
  code: 'already_paid',
  facts: { reference: 'order-1', uuid },
});

describe.each(kinds)('a double click on v2, %s', (kind) => {
  test('in one process, at once and a moment later', async () => {
    const { sandbox, newProcess } = await openOrderShop('v2', kind);
    const click = newProcess();
    const [one, two] = await Promise.all([click(), click()]);
    expect(two).toEqual(one);
    expect(await click()).toEqual(one);
    expect(sandbox.sessions).toHaveLength(1);
  });

  test('in ten processes at once, and in one that starts later', async () => {
    const { sandbox, newProcess } = await openOrderShop('v2', kind);
    const processes = Array.from({ length: 10 }, newProcess);
    const sessions = await Promise.all(processes.flatMap((click) => [click(), click()]));
    expect(new Set(sessions.map(({ uuid }) => uuid)).size).toBe(1);
    expect(await newProcess()()).toEqual(sessions[0]);
    expect(sandbox.sessions).toHaveLength(1);
  });

  test('with a total that was added up in another order', async () => {
    const { sandbox, newProcess } = await openOrderShop('v2', kind);
    const one = await newProcess()({ price: 0.3 });
    const click = newProcess();
    expect(await click({ price: 0.1 + 0.2 })).toEqual(one);
    expect(await click({ price: 0.3 })).toEqual(one);
    expect(sandbox.sessions).toMatchObject([{ terms: { price: 0.3 } }]);
  });
});

describe.each(kinds)('an order whose session expired, on v2, %s', (kind) => {
  test.each(['the same process', 'another process'] as const)(
    'is bought again in %s, as often as that happens',
    async (where) => {
      const { sandbox, clock, newProcess, open } = await openOrderShop('v2', kind);
      const terms = { expiresInMinutes: 10 };
      const same = newProcess();
      const clickOf = () => (where === 'the same process' ? same : newProcess());
      for (let count = 1; count <= 4; count += 1) {
        const session = await clickOf()(terms);
        expect(open()).toEqual([session.uuid]);
        expect(await clickOf()(terms)).toEqual(session);
        expect(sandbox.sessions).toHaveLength(count);
        await clock.advance(10 * MINUTE);
        expect(open()).toEqual([]);
      }
      const last = await clickOf()(terms);
      await sandbox.pay(last.uuid);
      expect(await refusalOf(clickOf()(terms))).toMatchObject(paid(last.uuid));
    },
  );

  test('because the merchant ended it, while its link would have lived on', async () => {
    const { sandbox, newProcess, newKit, open } = await openOrderShop('v2', kind);
    const click = newProcess();
    const first = await click();
    await newKit().checkout.expire(first.uuid);
    const second = await newProcess()();
    expect(await click()).toEqual(second);
    expect(open()).toEqual([second.uuid]);
    expect(sandbox.sessions).toHaveLength(2);
  });

  test('is clicked on in ten processes the moment it expired: one session is open', async () => {
    const { sandbox, clock, newProcess, open } = await openOrderShop('v2', kind);
    const processes = Array.from({ length: 10 }, newProcess);
    const terms = { expiresInMinutes: 10 };
    await Promise.all(processes.slice(0, 5).map(async (click) => click(terms)));
    await clock.advance(10 * MINUTE);
    const sessions = await Promise.all(processes.flatMap((click) => [click(terms), click(terms)]));
    expect(new Set(sessions.map(({ uuid }) => uuid))).toEqual(new Set(open()));
    expect(open()).toHaveLength(1);
    expect(sandbox.sessions).toHaveLength(2);
  });

  test('expires while ten processes click: whatever they are told, one session is open after it', async () => {
    const { sandbox, newProcess, open } = await openOrderShop('v2', kind);
    const processes = Array.from({ length: 10 }, newProcess);
    const { uuid } = await newProcess()();
    const clicks = processes.map(async (click, index) => {
      if (index === 5) await sandbox.expire(uuid);
      return click();
    });
    await Promise.all(clicks);
    await newProcess()();
    expect(open()).toHaveLength(1);
    expect(sandbox.sessions).toHaveLength(2);
  });

  test('and whose first key QBitFlow has forgotten, is not lost while a later session is open', async () => {
    const { clock, newProcess, open } = await openOrderShop('v2', kind);
    const terms = { expiresInMinutes: 60 };
    await newProcess()(terms);
    await clock.advance(23.5 * HOUR);
    const second = await newProcess()(terms);
    await clock.advance(40 * MINUTE);
    expect(await newProcess()(terms)).toEqual(second);
    expect(open()).toEqual([second.uuid]);
    await clock.advance(HOUR);
    const third = await newProcess()(terms);
    expect(open()).toEqual([third.uuid]);
    expect(await newProcess()(terms)).toEqual(third);
  });
});

describe.each(kinds)('a total that changes, on v2, %s', (kind) => {
  test('while the session is open: it is ended, and the new one is the only one', async () => {
    const { sandbox, newProcess, open } = await openOrderShop('v2', kind);
    const click = newProcess();
    const ten = await click({ price: 10 });
    const twelve = await click({ price: 12 });
    expect(open()).toEqual([twelve.uuid]);
    expect(sandbox.sessions).toMatchObject([
      { uuid: ten.uuid, status: 'expired' },
      { uuid: twelve.uuid, status: 'created', terms: { price: 12 } },
    ]);
    const back = await click({ price: 10 });
    expect(open()).toEqual([back.uuid]);
    expect(await newProcess()({ price: 10 })).toEqual(back);
  });

  test('in clicks at once: the last one wins, nobody is refused', async () => {
    const { newProcess, sandbox, open } = await openOrderShop('v2', kind);
    const click = newProcess();
    const prices = [10, 12, 12, 10, 14, 10];
    const sessions = await Promise.all(prices.map(async (price) => click({ price })));
    expect(sessions[1]).toEqual(sessions[2]);
    expect(open()).toEqual([sessions.at(-1)?.uuid]);
    const opened = sandbox.sessions.map(({ terms }) => terms.price);
    expect(opened).toEqual([10, 12, 10, 14, 10]);
  });

  test('while it is open in another process: refused with the cure, and the cure works', async () => {
    const { sandbox, newProcess, open } = await openOrderShop('v2', kind);
    const ten = await newProcess()({ price: 10 });
    expect(await refusalOf(newProcess()({ price: 12 }))).toMatchObject(held);
    expect(open()).toEqual([ten.uuid]);
    const click = newProcess();
    const twelve = await click({ price: 12, replaces: ten.uuid });
    expect(open()).toEqual([twelve.uuid]);
    // The merchant's record may be late, or name the very session that is open: nothing changes.
    expect(await newProcess()({ price: 12, replaces: ten.uuid })).toEqual(twelve);
    expect(await newProcess()({ price: 12, replaces: twelve.uuid })).toEqual(twelve);
    expect(await click({ price: 12, replaces: twelve.uuid })).toEqual(twelve);
    expect(sandbox.sessions).toHaveLength(2);
  });

  test('in ten processes at once that all name the session before: one is open', async () => {
    const { sandbox, newProcess, open } = await openOrderShop('v2', kind);
    const { uuid: replaces } = await newProcess()({ price: 10 });
    const clicks = Array.from({ length: 10 }, async () => newProcess()({ price: 12, replaces }));
    const sessions = await Promise.all(clicks);
    expect(new Set(sessions.map(({ uuid }) => uuid))).toEqual(new Set(open()));
    expect(sandbox.sessions).toHaveLength(2);
  });

  test.each(['the same process', 'another process'] as const)(
    'after it expired: sold at the new total in %s',
    async (where) => {
      const { clock, newProcess, open } = await openOrderShop('v2', kind);
      const click = newProcess();
      await click({ price: 10 });
      await clock.advance(24 * HOUR);
      const other = where === 'the same process' ? click : newProcess();
      const twelve = await other({ price: 12 });
      expect(open()).toEqual([twelve.uuid]);
    },
  );

  test.each(['the same process', 'another process', 'another process that names it'] as const)(
    'after it was paid: no second session in %s, and the order is said to be paid',
    async (where) => {
      const { sandbox, newProcess } = await openOrderShop('v2', kind);
      const click = newProcess();
      const { uuid } = await click({ price: 10 });
      await sandbox.pay(uuid);
      const other = where === 'the same process' ? click : newProcess();
      const replaces = where === 'another process that names it' ? { replaces: uuid } : {};
      expect(await refusalOf(other({ price: 12, ...replaces }))).toMatchObject(paid(uuid));
      expect(sandbox.sessions).toHaveLength(1);
    },
  );
});

describe.each(kinds)('a paid order, on v2, %s', (kind) => {
  test.each([0, 25 * HOUR, 300 * HOUR])(
    'that is clicked on again after %d ms is an error of its own, in every process',
    async (later) => {
      const { sandbox, clock, newProcess } = await openOrderShop('v2', kind);
      const click = newProcess();
      const { uuid } = await click();
      await sandbox.pay(uuid);
      await clock.advance(later);
      for (const again of [click, newProcess(), click])
        expect(await refusalOf(again())).toMatchObject(paid(uuid));
      expect(sandbox.sessions).toHaveLength(1);
    },
  );

  test('that is so old that no log tells of it opens nothing either', async () => {
    const { sandbox, clock, newProcess, newKit } = await openOrderShop('v2', kind);
    const { uuid } = await newProcess()();
    await sandbox.pay(uuid);
    const { checkout } = newKit();
    for (let count = 0; count < 100; count += 1) {
      const other = { productName: 'Other', price: 1 };
      const session =
        kind === 'payment'
          ? await checkout.createPayment(other)
          : await checkout.createSubscription(other);
      await sandbox.pay(session.uuid);
    }
    await clock.advance(25 * HOUR);
    expect(await refusalOf(newProcess()())).toMatchObject(held);
    expect(await refusalOf(newProcess()({ replaces: uuid }))).toMatchObject(paid(uuid));
  });
});

describe.each(kinds)('an order that is being paid, on v2, %s', (kind) => {
  const slow = { confirmationMs: HOUR };

  test('is sent to the page where it is paid, whatever its total is now', async () => {
    const { sandbox, clock, newProcess } = await openOrderShop('v2', kind, slow);
    const click = newProcess();
    const session = await click();
    await sandbox.pay(session.uuid);
    for (const again of [click(), newProcess()(), click({ price: 12 })])
      expect(await again).toEqual(session);
    expect(await newProcess()({ replaces: session.uuid })).toEqual(session);
    await clock.advance(HOUR);
    expect(await refusalOf(click())).toMatchObject(paid(session.uuid));
    expect(sandbox.sessions).toHaveLength(1);
  });

  test('and whose page another process opened on other terms is said to be paid at this moment', async () => {
    const { sandbox, newProcess } = await openOrderShop('v2', kind, slow);
    const { uuid } = await newProcess()();
    await sandbox.pay(uuid);
    expect(await refusalOf(newProcess()({ price: 12, replaces: uuid }))).toMatchObject({
      code: 'payment_in_progress',
      facts: { reference: 'order-1', uuid },
    });
    expect(await refusalOf(newProcess()({ price: 12 }))).toMatchObject(held);
    expect(sandbox.sessions).toHaveLength(1);
  });

  test('beyond the time of its link', async () => {
    const { sandbox, clock, newProcess } = await openOrderShop('v2', kind, slow);
    const click = newProcess();
    const session = await click({ expiresInMinutes: 10 });
    await clock.advance(9 * MINUTE);
    await sandbox.pay(session.uuid);
    await clock.advance(9 * MINUTE);
    for (const again of [click, newProcess()])
      expect(await again({ expiresInMinutes: 10 })).toEqual(session);
    expect(sandbox.sessions).toHaveLength(1);
  });
});
