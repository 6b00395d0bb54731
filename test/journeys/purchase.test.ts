import { describe, expect, test } from 'vitest';
import { buy, press, untilItSays, visit } from './support/customer.js';
import { openShop, shops } from './support/open-shop.js';

describe.each(shops)('$name', ({ createShop }) => {
  test('buy, pay, come back: the page says paid and the order is shipped once', async () => {
    const { url, sandbox, orders } = await openShop(createShop);
    const checkout = await buy(url);
    expect(orders()).toMatchObject([{ fulfilled: 0 }]);
    const back = await press(checkout, 'pay');
    expect(back.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/qbitflow\/success\?uuid=pay/);
    await untilItSays(back, '>Payment received</h1>');
    await expect.poll(orders).toMatchObject([{ fulfilled: 1 }]);
    expect((await visit(url)).text).toContain('paid and shipped');
    await sandbox.idle();
    expect(orders()).toMatchObject([{ fulfilled: 1 }]);
  });

  test('an attempt that fails ends nothing: the next one is shipped once', async () => {
    const { url, orders } = await openShop(createShop);
    const checkout = await buy(url);
    const failed = await press(checkout, 'fail');
    expect(failed.text).toContain('The last attempt failed');
    const back = await press(checkout, 'pay');
    await untilItSays(back, '>Payment received</h1>');
    await expect.poll(orders).toMatchObject([{ fulfilled: 1 }]);
  });

  test('who goes back unpaid is told so, and nothing is shipped', async () => {
    const { url, sandbox, orders } = await openShop(createShop);
    const back = await press(await buy(url), 'abandon');
    expect(back.url).toContain('/qbitflow/cancel?');
    expect(back.text).toContain('>No payment yet</h1>');
    await sandbox.idle();
    expect(orders()).toMatchObject([{ fulfilled: 0 }]);
  });

  test('a checkout that expired is told as such, and nothing is shipped', async () => {
    const { url, sandbox, orders } = await openShop(createShop);
    const checkout = await buy(url);
    const left = await press(checkout, 'abandon');
    await press(checkout, 'expire');
    await untilItSays(left, '>Checkout expired</h1>');
    await sandbox.idle();
    expect(orders()).toMatchObject([{ fulfilled: 0 }]);
  });

  test('the success page opened without paying ships nothing', async () => {
    const { url, orders } = await openShop(createShop);
    const checkout = await buy(url);
    const id = checkout.url.slice(checkout.url.lastIndexOf('/') + 1);
    const page = await visit(`${url}/qbitflow/success?uuid=${id}&type=payment`);
    expect(page.text).toContain('>Waiting for your payment</h1>');
    expect(orders()).toMatchObject([{ fulfilled: 0 }]);
  });
});
