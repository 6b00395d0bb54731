import { fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { paymentId } from '../support/deliveries.js';
import { openShop } from '../support/shop.js';
import { operatorOf } from './support/operator.js';

const PRIVATE = {
  name: 'Jane-Doe-The-Name',
  lastName: 'Doe-The-Last-Name',
  email: 'jane@customer.example',
  phone: '+49-170-5550199',
  address: '12-Main-Street',
  customerUuid: 'customer-uuid-77',
  customerReference: 'customer-ref-77',
  userUuid: 'user-uuid-77',
  note: 'leave-it-at-the-door',
  managementPageLink: 'https://qbitflow.app/manage?token=open-sesame',
  from: '0xpayers-wallet',
  successUrl: 'https://shop.example/thanks?mail=jane',
  futureField: 'who-knows-what',
};
const FREE = {
  metadata: { customer: { taxId: 'DE-77-88' }, list: ['free-text'], status: 'free-status' },
};

async function openDelivery(data: object = { ...PRIVATE, ...FREE }, error?: string) {
  const shop = openShop({ handlers: { maxAttempts: 1 } });
  shop.kit.on('payment.completed', () => {
    if (error !== undefined) throw new Error(error);
  });
  await shop.kit.start();
  const uuid = paymentId(1);
  await shop.deliver(fixtures.v2['payment.completed']({ data: { ...data, uuid } }));
  await shop.clock.advance(0);
  const operator = operatorOf(shop.kit, { authorize: () => 'Ada' });
  return {
    ...shop,
    operator,
    page: await operator.open(`?key=payment.completed:${encodeURIComponent(uuid)}`),
  };
}

const secrets = [...Object.values(PRIVATE), 'DE-77-88', 'free-text', 'free-status'];

test('what is not known to be harmless is masked, in the whole document', async () => {
  const { page } = await openDelivery();
  for (const secret of secrets) expect(page.html).not.toContain(secret);
  expect(page.text).toContain('"customerReference" : ••••');
});

test('what an operator needs stays readable', async () => {
  const { page } = await openDelivery({ reference: 'order-7' });
  for (const shown of [
    paymentId(1),
    'order-7',
    'payment.completed',
    '"amount" : 5.04',
    '"amountMinUnits" : "5040000"',
    '"txHash" : "0x',
  ])
    expect(page.text).toContain(shown);
});

test('it is shown when it is asked for, and the log says by whom', async () => {
  const { operator, page, logger } = await openDelivery();
  const shown = await operator.send(page.form('Show what is masked'));
  for (const secret of secrets) expect(shown.text).toContain(secret);
  expect(logger.withCode('desk_revealed')[0]?.facts).toMatchObject({ by: 'Ada' });
  // Its address does not show it: it cannot be shared, and does not stay.
  expect((await operator.open(operator.at)).html).not.toContain(PRIVATE.name);
  expect(shown.html).not.toContain('data-live');
});

test('a known name whose value is an address of mail is masked all the same', async () => {
  const { page } = await openDelivery({
    reference: 'order-7',
    productReference: 'jane@customer.example',
  });
  expect(page.html).not.toContain('jane@customer.example');
});

test('mail addresses in errors and stacks are masked, on the list too', async () => {
  const { operator, page } = await openDelivery({}, 'mail to jane@customer.example bounced');
  expect(page.text).toContain('mail to •••• bounced');
  for (const query of ['', '?view=deliveries'])
    expect((await operator.open(query)).text).toContain('mail to •••• bounced');
  for (const seen of [page, await operator.open('')]) expect(seen.html).not.toContain('jane@');
});

test('the log of a masked page holds no personal data', async () => {
  const { logger } = await openDelivery();
  expect(
    JSON.stringify(logger.lines.filter(({ facts }) => String(facts['code']).startsWith('desk'))),
  ).toBe('[]');
});

test('a body that is nested as deep as may be is shown without trouble', async () => {
  const { page } = await openDelivery({ deep: JSON.parse('['.repeat(500) + ']'.repeat(500)) });
  expect(page.status).toBe(200);
});
