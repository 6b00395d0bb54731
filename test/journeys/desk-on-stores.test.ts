import type { QBitFlow } from '@qbitflow/core';
import { type FakeClock, fakeClock, fixtures, signDelivery } from '@qbitflow/core/testing';
import { describe, expect, test } from 'vitest';
import type { Seen } from '../../packages/core/test/desk/support/operator.js';
import { openDeskProcess } from './support/desk.js';
import { durableStores } from './support/durable-stores.js';

const DAY = 86_400_000;
const SECRET = 'whsec_desk';

function paymentId(number: number): string {
  return `pay@01a0c0c7-5a6b-4c7d-8e9f-${String(number).padStart(12, '0')}`;
}

function pageOf(number: number): string {
  return `?key=${encodeURIComponent(`payment.completed:${paymentId(number)}`)}`;
}

async function deliver(kit: QBitFlow, clock: FakeClock, number: number): Promise<void> {
  const data = { uuid: paymentId(number), reference: `order-${number}` };
  const body = fixtures.v2['payment.completed']({ id: `evt_${number}`, data });
  const { headers, body: rawBody } = signDelivery({ version: 'v2', body, secret: SECRET, clock });
  await kit.handleWebhook({ method: 'POST', url: '/webhook', headers, rawBody });
}

describe.each(durableStores)('the desk on $name', ({ make, isThere }) => {
  test.skipIf(!isThere)(
    'yesterday’s dead letters are found, understood, replayed, discarded and left alone',
    async () => {
      const data = await make();
      // The store's clock is the database's: what is recorded now was yesterday for a shop whose clock is a day ahead.
      const [yesterday, today] = [fakeClock(Date.now()), fakeClock(Date.now() + DAY)];
      const common = { webhookSecret: SECRET, handlers: { maxAttempts: 1 } };

      const past = await openDeskProcess(
        { ...common, store: data.open(), clock: yesterday, holder: 'web-1' },
        (kit) =>
          kit.on(
            'payment.completed',
            ({ data: { reference } }) => {
              if (reference === 'order-3') throw new Error('the mail server is away');
              throw new Error(`no stock for ${reference ?? ''}`);
            },
            { name: 'ship' },
          ),
      );
      for (const number of [1, 2, 3, 1]) await deliver(past.kit, yesterday, number);
      await expect.poll(async () => (await past.kit.deliveries.stats()).dead).toBe(3);
      await past.close();

      const shipped: string[] = [];
      let letGo = (): void => undefined;
      const present = await openDeskProcess(
        { ...common, store: data.open(), clock: today, holder: 'web-2' },
        (kit) =>
          kit.on(
            'payment.completed',
            async ({ data: { reference } }) => {
              shipped.push(String(reference));
              if (reference === 'order-4')
                await new Promise<void>((resolve) => {
                  letGo = resolve;
                });
            },
            { name: 'ship' },
          ),
      );
      const { ada, kit } = present;
      const settled = async (says: string): Promise<Seen> => {
        await today.advance(10_000);
        await expect.poll(async () => (await ada.open(ada.at)).text).toContain(says);
        return ada.open(ada.at);
      };

      // Found by what their errors say, and when.
      const dead = '?view=deliveries&state=dead&error=NO+STOCK';
      expect((await ada.open(`${dead}&from=-1h`)).text).toContain('0 found');
      const list = await ada.open(`${dead}&from=-25h&until=-23h`);
      expect(list.text).toContain('2 found');
      expect(list.text).toContain('came again 1 time');
      expect(list.text).not.toContain('order-3');

      // Understood.
      const one = await ada.open(pageOf(1));
      for (const said of [
        'Why it is dead ship: no stock for order-1',
        'Seen as duplicate once',
        'Attempt 1: failed for good',
        'by web-1',
        'ship',
      ])
        expect(one.text).toContain(said);

      // Replayed and handled.
      await ada.open(`?view=confirm&do=replay&${pageOf(1).slice(1)}`);
      await ada.send((await ada.open(ada.at)).form('Replay'));
      await settled('1 of 1 delivery replayed.');
      await expect.poll(async () => (await ada.open(pageOf(1))).text).toContain('Completed');
      const handled = await ada.open(pageOf(1));
      expect(handled.text).toMatch(/failed for good.*Replayed.*done.*by web-2/);
      expect(shipped).toEqual(['order-1']);

      // All that match, undone and then done.
      const all = `?view=confirm&do=discard&state=dead&error=no+stock&from=-25h`;
      const asked = await ada.open(all);
      expect(asked.text).toContain('Discard 1 delivery?');
      const held = await ada.send(asked.form('Discard'));
      await ada.send(held.form('Undo'));
      await settled('Undone by Ada');
      expect((await ada.open(pageOf(2))).text).toContain('Why it is dead');
      await ada.send((await ada.open(all)).form('Discard'));
      await settled('1 of 1 delivery discarded.');
      expect((await ada.open(dead)).text).toContain('0 found');
      expect((await ada.open(pageOf(3))).text).toContain('the mail server is away');

      // Who holds what.
      await deliver(kit, today, 4);
      await expect.poll(() => shipped).toContain('order-4');
      const running = await ada.open(pageOf(4));
      expect(running.text).toMatch(/Held by web-2 Lease until \d{4}/);
      expect(running.text).toMatch(/An attempt runs since \d{4}/);
      expect((await ada.open('')).text).toMatch(/payment\.completed \S+0004 web-2/);
      letGo();
      await expect.poll(async () => (await ada.open(pageOf(4))).text).toContain('Completed');
    },
  );
});
