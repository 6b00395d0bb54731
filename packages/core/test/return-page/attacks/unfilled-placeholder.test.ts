import { expect, test } from 'vitest';
import { openShop } from '../support/shop.js';

test.each(['{{UUID}}', '%7B%7BUUID%7D%7D', '%7b%7bUUID%7d%7d', '%257B%257BUUID%257D%257D'])(
  '%s is 400, asks nothing and tells the merchant why',
  async (id) => {
    const shop = await openShop();
    const response = await shop.open(`/r?uuid=${id}&type={{TRANSACTION_TYPE}}`);

    expect(response.status).toBe(400);
    expect(response.body).toContain('This link is incomplete');
    expect(shop.api.requests).toHaveLength(0);
    expect(shop.logger.lines).toMatchObject([{ level: 'warn', facts: { problem: 'unfilled' } }]);
  },
);
