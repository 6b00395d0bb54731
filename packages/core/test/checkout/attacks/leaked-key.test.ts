import { expect, test } from 'vitest';
import { API_KEY } from '../../api/support/kit.js';
import { openMerchant, PAYMENT_PATH, TEA } from '../support/merchant.js';

test('an API that repeats the key puts it in no answer, no error and no log line', async () => {
  const { kit, api, errors, logger } = await openMerchant('v2');
  const details = { errors: [{ field: 'x', message: `key ${API_KEY}` }] };
  api.on(`/v2${PAYMENT_PATH}`, { status: 400, json: { error: API_KEY, code: API_KEY, details } });
  const request = { method: 'POST', url: '/buy', headers: { accept: 'application/json' } };
  const answer = await kit.handleCheckout(request, () => TEA);
  await expect.poll(() => errors).toHaveLength(1);
  const told = JSON.stringify([
    answer,
    logger.lines,
    errors,
    errors.map(({ error }) => `${error} ${error.stack}`),
  ]);
  expect(told).toContain('[api key]');
  expect(told).not.toContain(API_KEY);
});
