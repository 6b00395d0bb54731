import { scenarioSummaries, isScenario } from '@qbitflow/sandbox';
import { describe, expect, test } from 'vitest';
import { buy, press, untilItSays } from './support/customer.js';
import { openShop, shops } from './support/open-shop.js';

/** Everything the sandbox can do wrong to a merchant. */
const scenarios = scenarioSummaries.map(({ name }) => name).filter(isScenario);

describe.each(shops)('$name', ({ createShop }) => {
  test.each(scenarios)('%s: the order is shipped once', async (scenario) => {
    const { url, sandbox, orders } = await openShop(createShop, [scenario]);
    const back = await press(await buy(url), 'pay');
    await untilItSays(back, '>Payment received</h1>');
    await sandbox.idle();
    await expect.poll(orders, { timeout: 5_000 }).toMatchObject([{ fulfilled: 1 }]);
    expect(sandbox.deliveries.length).toBeGreaterThan(0);
  });

  test('two customers at once, everything twice and by both generations: each order is shipped once', async () => {
    const { url, sandbox, orders } = await openShop(createShop, ['duplicate', 'both-generations']);
    const checkouts = await Promise.all([buy(url), buy(url)]);
    await Promise.all(checkouts.map(async (checkout) => press(checkout, 'pay')));
    await sandbox.idle();
    await expect.poll(orders).toMatchObject([{ fulfilled: 1 }, { fulfilled: 1 }]);
    expect(sandbox.deliveries).toHaveLength(8);
  });
});
