import { expect, test } from 'vitest';
import type { Sandbox } from '../../src/index.js';
import { openPayment, openSandbox, openSubscription, openWorld } from '../support/world.js';

async function pageOf(sandbox: Sandbox, uuid: string): Promise<string> {
  return (await fetch(`${sandbox.url}/sessions/${encodeURIComponent(uuid)}`)).text();
}

async function press(sandbox: Sandbox, uuid: string, action: string): Promise<Response> {
  const url = `${sandbox.url}/sessions/${encodeURIComponent(uuid)}/${action}`;
  return fetch(url, { method: 'POST', redirect: 'manual' });
}

/** Whether all of it stands in the text, in this order. */
function inOrder(text: string, ...parts: readonly string[]): boolean {
  let from = 0;
  return parts.every((part) => {
    const at = text.indexOf(part, from);
    from = at + part.length;
    return at !== -1;
  });
}

test('tells a payment from its opening to the last attempt of its webhook', async () => {
  const { sandbox } = await openWorld({}, (response, number) => {
    if (number === 1) response.writeHead(401).end('{"error":"invalid signature"}');
    else response.end('{"received":true}');
  });
  const uuid = await openPayment(sandbox, { reference: 'order-1' });
  await sandbox.fail(uuid);
  await sandbox.pay(uuid);
  await sandbox.idle();
  const text = await pageOf(sandbox, uuid);
  expect(
    inOrder(
      text,
      'order-1',
      'Session opened',
      'Attempt failed',
      'Paid',
      'payment.completed',
      '401',
      'invalid signature',
      'Try:',
      'webhook secret',
      '200',
      '{&quot;received&quot;:true}',
    ),
  ).toBe(true);
  expect(text).toContain('not sent');
});

test('offers what can be done with a session as it stands, and does it', async () => {
  const sandbox = await openSandbox();
  const uuid = await openSubscription(sandbox);
  const offered = async () =>
    [...(await pageOf(sandbox, uuid)).matchAll(/id="do-(\w+)"/g)].map(([, name = '']) => name);
  expect(await offered()).toEqual(expect.arrayContaining(['pay', 'fail', 'abandon', 'expire']));
  const answer = await press(sandbox, uuid, 'pay');
  expect([answer.status, answer.headers.get('location')]).toEqual([
    303,
    `/sessions/${encodeURIComponent(uuid)}`,
  ]);
  expect(await offered()).toEqual(expect.arrayContaining(['bill', 'cancel']));
  expect(await offered()).not.toContain('expire');
  await press(sandbox, uuid, 'bill');
  expect(sandbox.sessions[0]?.subscription?.billCount).toBe(2);
  await press(sandbox, uuid, 'cancel');
  expect(await pageOf(sandbox, uuid)).toContain('Cancelled');
});

test('an action is told what to do by its fields, and the page shows what came of it', async () => {
  const sandbox = await openSandbox();
  const uuid = await openSubscription(sandbox);
  await sandbox.pay(uuid);
  const page = await pageOf(sandbox, uuid);
  expect(page).toMatch(/<select[^>]*name="reason"[^>]*>\s*<option>insufficientBalance/);
  const url = `${sandbox.url}/sessions/${encodeURIComponent(uuid)}/failBill`;
  const body = new URLSearchParams({ reason: 'approvalRevoked' });
  await fetch(url, { method: 'POST', redirect: 'manual', body });
  expect(sandbox.sessions[0]?.subscription).toMatchObject({
    status: 'pastDue',
    failedBill: { reason: 'approvalRevoked' },
  });
  expect(await pageOf(sandbox, uuid)).toMatch(/pastDue[^]*Next try/);
});

test('what cannot be done is said in words', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  for (const [action, words] of [
    ['bill', 'subscription'],
    ['dance', 'there is no action'],
  ] as const) {
    const answer = await press(sandbox, uuid, action);
    expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining(words)]);
  }
});

test('an unknown session and an unknown event are pages of their own', async () => {
  const sandbox = await openSandbox();
  for (const path of ['/sessions/pay@none', '/events/evt_none']) {
    const answer = await fetch(sandbox.url + path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      404,
      'text/html; charset=utf-8',
    ]);
  }
});

test('an event shows its body and the headers that were sent', async () => {
  const { sandbox } = await openWorld();
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  const text = await (await fetch(`${sandbox.url}/events/${sandbox.events[0]?.id}`)).text();
  expect(text).toContain('&quot;type&quot;: &quot;payment.completed&quot;');
  expect(text).toMatch(/qbitflow-signature: t=\d+,v1=/);
});

test('of a long life the latest is shown, and where the rest is', async () => {
  const { sandbox } = await openWorld();
  const uuid = await openSubscription(sandbox);
  await sandbox.pay(uuid);
  for (let count = 0; count < 60; count += 1) await sandbox.bill(uuid);
  await sandbox.idle();
  const count = sandbox.events.length;
  const text = await pageOf(sandbox, uuid);
  expect(text.match(/class="event"/g)).toHaveLength(100);
  expect(text).toContain(`${count - 100} earlier events`);
  const [address = ''] = /\/events\?q=[^"]+/.exec(text) ?? [];
  const all = await (await fetch(sandbox.url + address)).text();
  expect(all).toContain(`1–50 of ${count}`);
});

test('of an event that was sent again and again the latest deliveries are shown', async () => {
  const { sandbox } = await openWorld();
  await sandbox.trigger('payment.completed');
  const id = sandbox.events[0]?.id ?? '';
  for (let count = 0; count < 24; count += 1) await sandbox.redeliver(id);
  const text = await (await fetch(`${sandbox.url}/events/${id}`)).text();
  expect(text.match(/class="delivery"/g)).toHaveLength(20);
  expect(text).toContain('5 earlier deliveries');
});
