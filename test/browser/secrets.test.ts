import { describe } from 'vitest';
import { shops } from '../journeys/support/open-shop.js';
import { comeBack } from './support/customer.js';
import { browserTest, inBrowser } from './support/in-browser.js';

const keys = { apiKey: 'sk_only_the_shop_knows', secret: 'whsec_only_the_shop_knows' };
const customer = { customerUuid: '0c0ffee0-5a6b-4c7d-8e9f-0a1b2c3d4e5f' };
/** The wallet every customer of the sandbox pays from. */
const WALLET = '0x0000000000000000000000000000000000000b0b';

describe.each(shops)('a browser in $name', inBrowser, ({ createShop }) => {
  browserTest(
    'gets no customer data, key or secret, and asks nobody but the shop',
    async ({ open, newTab, expect }) => {
      const { url, sandbox, qbitflow } = await open(createShop, keys);
      const order = { productName: 'Tea', price: 4.5, ...customer };
      const { uuid } = await qbitflow.checkout.createPayment(order);
      const tab = await newTab();
      await comeBack(tab, url, uuid);
      await tab.says('Waiting for your payment');
      const seen = [await tab.page.content()];
      const streaming = tab.stream(`${url}/qbitflow/status/${encodeURIComponent(uuid)}`);
      await sandbox.pay(uuid);
      const streamed = await streaming;
      await tab.says('Payment received');
      seen.push(streamed, await tab.page.content(), ...tab.headers);

      expect(streamed).toContain('"state":"paid"');
      expect(seen.join('\n')).toContain(uuid);
      // All of it was there to be leaked.
      const delivered = sandbox.events.map(({ text }) => text).join('\n');
      expect(delivered).toContain(WALLET);
      expect(delivered).toContain(customer.customerUuid);
      for (const secret of [...Object.values(keys), customer.customerUuid, WALLET])
        expect(seen.join('\n')).not.toContain(secret);
      expect(tab.origins).toEqual(new Set([url]));
    },
  );
});
