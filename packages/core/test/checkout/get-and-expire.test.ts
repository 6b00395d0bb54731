import { expect, test } from 'vitest';
import { createQBitFlow } from '@qbitflow/core';
import { rejectionOf } from '../support/rejection-of.js';
import { openMerchant, TEA } from './support/merchant.js';

const PATH = '/transaction/session-checkout';

test('v1 tells what a session offers, under v2 names', async () => {
  const { kit, api } = await openMerchant('v1');
  const json = {
    uuid: 'sub@1',
    price: 4.5,
    frequency: 2_592_000,
    customerUUID: null,
    availableCurrencies: [1, 2],
    organizationFeePercent: 3,
  };
  api.on(`/v1${PATH}/sub%401`, { status: 200, json });
  const { customerUUID, ...same } = json;
  expect(await kit.checkout.get('sub@1')).toEqual({ ...same, customerUuid: customerUUID });
  expect(api.requests[0]?.url).toBe(`/v1${PATH}/sub%401?closeToExpireError=false`);
});

test("v1's servers of SDK 1.x have a subscription's terms under options", async () => {
  const { kit, api } = await openMerchant('v1');
  const terms = { frequency: 2_592_000, trialPeriod: 604_800, minPeriods: 3 };
  const options = { ...terms, subscriptionType: 'subscription', freeCredits: 0 };
  api.on(`/v1${PATH}/sub%401`, { status: 200, json: { uuid: 'sub@1', options } });
  expect(await kit.checkout.get('sub@1')).toMatchObject({ uuid: 'sub@1', ...terms });
  api.on(`/v1${PATH}/sub%402`, { status: 200, json: { uuid: 'sub@2', options: null } });
  expect(await kit.checkout.get('sub@2')).not.toHaveProperty('frequency');
});

test('v1 knows of no such session', async () => {
  const { kit } = await openMerchant('v1');
  expect(await kit.checkout.get('pay@9')).toBeUndefined();
});

test('an answer of a wrong type cannot be read', async () => {
  const { kit, api } = await openMerchant('v1');
  api.on(`/v1${PATH}/pay%401`, { status: 200, json: { price: true } });
  expect(await rejectionOf(kit.checkout.get('pay@1'))).toMatchObject({ code: 'api_unreadable' });
});

test('v2 has no such call and says so, without asking', async () => {
  const { kit, api } = await openMerchant('v2');
  const error = await rejectionOf(kit.checkout.get('pay@1'));
  expect(error).toMatchObject({ name: 'QBitFlowError', code: 'misconfigured' });
  expect(String(error)).toContain('v2 removed');
  expect(api.requests).toEqual([]);
});

test('v2 ends an unpaid session', async () => {
  const { kit, api } = await openMerchant('v2');
  api.on(`/v2${PATH}/pay%401/expire`, { status: 200, json: { status: 'expired' } });
  await expect(kit.checkout.expire('pay@1')).resolves.toBeUndefined();
  expect(api.requests).toMatchObject([{ method: 'POST', body: '' }]);
});

test('v2 does not end a session that is being paid', async () => {
  const { kit, api } = await openMerchant('v2');
  api.on(`/v2${PATH}/pay%401/expire`, { status: 409, json: { code: 'tx_already_sent' } });
  expect(await rejectionOf(kit.checkout.expire('pay@1'))).toMatchObject({
    code: 'api_rejected',
    apiCode: 'tx_already_sent',
  });
  expect(api.requests).toHaveLength(1);
});

test('v1 cannot end a session and says so, without asking', async () => {
  const { kit, api } = await openMerchant('v1');
  const error = await rejectionOf(kit.checkout.expire('pay@1'));
  expect(error).toMatchObject({ name: 'QBitFlowError', code: 'misconfigured' });
  expect(String(error)).toContain('v1 cannot expire');
  expect(api.requests).toEqual([]);
});

test.each(['..', ''])('an id like %j climbs nowhere', async (uuid) => {
  const [v1, v2] = [await openMerchant('v1'), await openMerchant('v2')];
  const refused = { code: 'invalid_reference' };
  expect(await rejectionOf(v1.kit.checkout.get(uuid))).toMatchObject(refused);
  expect(await rejectionOf(v2.kit.checkout.expire(uuid))).toMatchObject(refused);
});

test('without an API key nothing is sent', async () => {
  const kit = createQBitFlow({
    logger: false,
    webhookSecret: 'whsec_a',
    fetch: () => Promise.reject(new Error()),
  });
  const error = await rejectionOf(kit.checkout.createPayment(TEA));
  expect(error).toMatchObject({ code: 'misconfigured' });
  expect(String(error)).toContain('QBITFLOW_API_KEY');
});
