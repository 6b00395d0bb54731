import { expect, test } from 'vitest';
import { call, openPayment, openSandbox, openSubscription, openWorld } from '../support/world.js';
import type { Sandbox } from '../../src/index.js';

async function post(sandbox: Sandbox, uuid: string, action: string): Promise<Response> {
  const url = `${sandbox.url}/checkout/${encodeURIComponent(uuid)}/${action}`;
  return fetch(url, { method: 'POST', redirect: 'manual' });
}

test('pay sends the customer to the success URL with the placeholders filled in', async () => {
  const { sandbox, receiver } = await openWorld();
  const uuid = await openPayment(sandbox);
  const answer = await post(sandbox, uuid, 'pay');
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe(
    `http://127.0.0.1:9/success?uuid=${uuid.replace('@', '%40')}&type=payment`,
  );
  await sandbox.idle();
  expect(receiver.received).toHaveLength(1);
});

test('a second click on pay pays nothing twice', async () => {
  const { sandbox, receiver } = await openWorld();
  const uuid = await openPayment(sandbox);
  await post(sandbox, uuid, 'pay');
  expect((await post(sandbox, uuid, 'pay')).headers.get('location')).toContain('/success?');
  await sandbox.idle();
  expect(receiver.received).toHaveLength(1);
});

test('a subscription fills in its own type', async () => {
  const sandbox = await openSandbox();
  const answer = await post(sandbox, await openSubscription(sandbox), 'pay');
  expect(answer.headers.get('location')).toContain('&type=createSubscription');
});

test('encoded braces are not placeholders', async () => {
  const sandbox = await openSandbox();
  const successUrl = 'http://127.0.0.1:9/success?uuid=%7B%7BUUID%7D%7D';
  const answer = await post(sandbox, await openPayment(sandbox, { successUrl }), 'pay');
  expect(answer.headers.get('location')).toBe(successUrl);
});

test('abandon goes to the cancel URL and leaves the session open', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  const answer = await post(sandbox, uuid, 'abandon');
  expect(answer.headers.get('location')).toContain('/cancel?session=pay%40');
  expect(sandbox.sessions[0]?.status).toBe('created');
});

test('fail and expire come back to the page, which says so', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  const page = async () => (await fetch(sandbox.sessions[0]?.link ?? '')).text();
  expect((await post(sandbox, uuid, 'fail')).headers.get('location')).toBe(
    `/checkout/${encodeURIComponent(uuid)}`,
  );
  expect(await page()).toContain('You can try again');
  await post(sandbox, uuid, 'expire');
  expect(await page()).toContain('This checkout has expired');
  expect((await post(sandbox, uuid, 'pay')).headers.get('location')).toMatch(/^\/checkout\//);
});

test('everything a merchant wrote is escaped, and no script of theirs may run', async () => {
  const sandbox = await openSandbox();
  // v2 takes no such names.
  await call(sandbox, 'POST /v1/transaction/session-checkout/new/payment', {
    productName: '<script>alert(1)</script>',
    description: `"><img src=x onerror='alert(1)'>`,
    price: 4.99,
  });
  for (const url of [sandbox.sessions[0]?.link ?? '', sandbox.url]) {
    const answer = await fetch(url);
    const text = await answer.text();
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text.match(/<script|<img/g)).toEqual(['<script']);
    expect(answer.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'self'; script-src 'sha256-/,
    );
  }
});

test('an unknown session is a page of its own', async () => {
  const sandbox = await openSandbox();
  const answer = await fetch(`${sandbox.url}/checkout/pay@none`);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('No such checkout');
});

test("another site's page cannot drive the sandbox", async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  const answer = await fetch(`${sandbox.url}/sandbox/sessions/${uuid}/pay`, {
    method: 'POST',
    headers: { 'sec-fetch-site': 'cross-site' },
  });
  expect(answer.status).toBe(403);
  expect(sandbox.sessions[0]?.status).toBe('created');
});

test('asks who pays where the merchant named no customer, and shows it on the session', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  const page = await (await fetch(sandbox.sessions[0]?.link ?? '')).text();
  expect(page).toMatch(/name="name"[^>]*required/);
  expect(page).toMatch(/type="email"[^>]*required/);
  const url = `${sandbox.url}/checkout/${encodeURIComponent(uuid)}/pay`;
  const body = new URLSearchParams({ name: 'Ada', email: 'ada@example.com' });
  await fetch(url, { method: 'POST', redirect: 'manual', body });
  expect(sandbox.sessions[0]).toMatchObject({
    status: 'completed',
    payer: { name: 'Ada', email: 'ada@example.com' },
  });
  const shown = await (await fetch(`${sandbox.url}/sessions/${uuid}`)).text();
  expect(shown).toContain('Ada &lt;ada@example.com&gt;');
});

test.each([
  { customerUuid: '3f1c2d4e-5a6b-4c7d-8e9f-0a1b2c3d4e5f' },
  { customerReference: 'customer-1' },
])('a customer whom the merchant named (%o) is not asked', async (customer) => {
  const sandbox = await openSandbox();
  await openPayment(sandbox, customer);
  const page = await (await fetch(sandbox.sessions[0]?.link ?? '')).text();
  expect(page).not.toContain('name="email"');
});

test.each([
  ['3', { id: 3, symbol: 'USDT' }],
  ['', { id: 1, symbol: 'USDC' }],
  ['99', { id: 1, symbol: 'USDC' }],
])('a customer who chooses currency %j pays with %o', async (chosen, currency) => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  const url = `${sandbox.url}/checkout/${encodeURIComponent(uuid)}/pay`;
  const body = new URLSearchParams({ currency: chosen });
  await fetch(url, { method: 'POST', redirect: 'manual', body });
  const event: unknown = JSON.parse(sandbox.events[0]?.text ?? '');
  expect(event).toMatchObject({ data: { currencyId: currency.id, currency } });
});

test('shows the price with its fees, the currencies, and how long it is open', async () => {
  const sandbox = await openSandbox();
  await openPayment(sandbox, {
    price: 3,
    expiresInMinutes: 10,
    fees: { items: [{ label: 'Gift wrap', amountUsd: '0.5' }] },
  });
  const page = await (await fetch(sandbox.sessions[0]?.link ?? '')).text();
  expect(page).toMatch(/3\.50 USD[^]*Price[^]*3\.00[^]*Gift wrap[^]*0\.50/);
  expect(page).toMatch(/type="radio" name="currency"[^>]*checked/);
  const left = Number(/data-left-ms="(\d+)"/.exec(page)?.[1]);
  expect(left).toBeGreaterThan(9 * 60_000);
  expect(left).toBeLessThanOrEqual(10 * 60_000);
});

test('a subscription is billed and cancelled on its checkout page', async () => {
  const sandbox = await openSandbox();
  const uuid = await openSubscription(sandbox);
  await sandbox.pay(uuid);
  const shown = async () => (await fetch(sandbox.sessions[0]?.link ?? '')).text();
  expect(await shown()).toContain('Bill the next period');
  expect((await post(sandbox, uuid, 'bill')).headers.get('location')).toBe(
    `/checkout/${encodeURIComponent(uuid)}`,
  );
  expect(sandbox.sessions[0]?.subscription?.billCount).toBe(2);
  await post(sandbox, uuid, 'cancel');
  expect(await shown()).toContain('Subscription: cancelled');
  expect(await shown()).not.toContain('Bill the next period');
});
