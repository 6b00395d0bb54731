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

test('everything a merchant wrote is escaped, and no script may run', async () => {
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
    expect(text).not.toMatch(/<script|<img/);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
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
