import { expect, test } from 'vitest';
import { LINK, openMerchant, PAYMENT_PATH, TEA } from '../support/merchant.js';

test.each([
  `${LINK}\r\nset-cookie: a=b`,
  `${LINK}\n`,
  `https://q.test/\u2028`,
  `https://q.test/ü`,
  ` ${LINK}`,
  'http:q.test',
  'https://checkout.qbitflow.test@q.test/pay@1',
  'https://:secret@q.test/pay@1',
])('a link of %j reaches no Location header', async (link) => {
  const { kit, api } = await openMerchant('v2');
  api.on(`/v2${PAYMENT_PATH}`, { status: 201, json: { uuid: 'pay@1', link } });
  const request = { method: 'POST', url: '/buy', headers: {} };
  const { status, headers } = await kit.handleCheckout(request, () => TEA);
  expect([status, headers['location']]).toEqual([503, undefined]);
});
