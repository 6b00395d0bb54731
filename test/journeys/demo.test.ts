import { describe, expect, onTestFinished, test } from 'vitest';
import { startDemo } from '../../examples/shop-demo/run-demo.mjs';
import { buy, press, untilItSays } from './support/customer.js';
import { shops } from './support/open-shop.js';
import { openStore } from './support/open-store.js';

describe.each(shops)('the demo of $name', ({ createShop }) => {
  test('tells the story of a purchase line by line', async () => {
    const lines: string[] = [];
    const store = await openStore();
    const demo = await startDemo(createShop, { store, log: (line: string) => lines.push(line) });
    onTestFinished(() => demo.close());
    const back = await press(await buy(demo.url), 'pay');
    await untilItSays(back, '>Payment received</h1>');
    await expect
      .poll(() => lines.filter((line) => line.endsWith('shipping the Tea')))
      .toHaveLength(1);
    expect(lines[0]).toMatch(/^shop {6}order \S+ placed, opening a checkout session$/);
    expect(lines.join('\n')).toMatch(/^sandbox {3}.*payment\.completed.* attempt 1/m);
  });
});
