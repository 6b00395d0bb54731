import { expect, test } from 'vitest';
import type { Sandbox } from '../../src/index.js';
import { openPayment, openSandbox, openSubscription, openWorld } from '../support/world.js';

async function page(sandbox: Sandbox): Promise<{ text: string; policy: string }> {
  const answer = await fetch(sandbox.url);
  return {
    text: await answer.text(),
    policy: answer.headers.get('content-security-policy') ?? '',
  };
}

/** What a browser's button does. */
async function press(sandbox: Sandbox, path: string): Promise<Response> {
  const headers = { accept: 'text/html,*/*;q=0.8', 'sec-fetch-site': 'same-origin' };
  return fetch(sandbox.url + path, { method: 'POST', redirect: 'manual', headers });
}

test('shows sessions with links, deliveries with every attempt, and a button to send again', async () => {
  const { sandbox, receiver } = await openWorld({}, (response, number) => {
    response.statusCode = number === 1 ? 503 : 200;
    response.end();
  });
  const uuid = await openPayment(sandbox, { reference: 'order-1' });
  await sandbox.pay(uuid);
  await sandbox.idle();
  const { text } = await page(sandbox);
  expect(text).toContain(`<a href="/checkout/${encodeURIComponent(uuid)}">${uuid}</a>`);
  expect(text).toContain('order-1');
  expect(text.match(/<li>\s*(503|200)/g)).toHaveLength(2);
  const again = /action="([^"]+\/redeliver)"/.exec(text)?.[1] ?? '';
  const answer = await press(sandbox, again);
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
  await sandbox.idle();
  expect(receiver.received).toHaveLength(3);
});

test('events that were never delivered are there, and can be sent', async () => {
  const { sandbox, receiver } = await openWorld({ deliver: 'v1' });
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  const { text } = await page(sandbox);
  expect(text).toContain('payment.completed (v2)');
  expect(text).toContain('never');
  await press(sandbox, `/sandbox/events/${sandbox.events[0]?.id}/redeliver`);
  await sandbox.idle();
  expect(receiver.received.map(({ headers }) => headers['qbitflow-event-type'])).toEqual([
    undefined,
    'payment.completed',
  ]);
});

test('the secret is rotated with a button, and shown', async () => {
  const sandbox = await openSandbox();
  expect((await page(sandbox)).text).toContain('whsec_sandbox');
  expect((await press(sandbox, '/sandbox/secret/rotate')).status).toBe(303);
  const { text } = await page(sandbox);
  expect(text).toContain(sandbox.secret);
  expect(text).toContain('the one before still signs');
  expect(text).not.toContain('whsec_sandbox');
});

test('shows what was made to go wrong', async () => {
  const sandbox = await openSandbox({ scenarios: ['stale'] });
  sandbox.setWebSocket('refuse');
  sandbox.setTrouble({ status: 503 });
  expect((await page(sandbox)).text).toContain('stale, WebSocket refuse, API trouble');
});

test('nothing inline, no script, and its forms stay here', async () => {
  const sandbox = await openSandbox();
  await openSubscription(sandbox);
  const { text, policy } = await page(sandbox);
  expect(policy).toBe(
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  );
  expect(text).not.toMatch(/<script|<style|\sstyle=|\son\w+=|javascript:/);
  const style = await fetch(`${sandbox.url}/sandbox/style.css`);
  expect(style.headers.get('content-type')).toContain('text/css');
});

test('a subscription is billed and cancelled on its checkout page', async () => {
  const sandbox = await openSandbox();
  const uuid = await openSubscription(sandbox);
  await sandbox.pay(uuid);
  const shown = async () => (await fetch(sandbox.sessions[0]?.link ?? '')).text();
  expect(await shown()).toContain('Bill the next period');
  const path = `/checkout/${encodeURIComponent(uuid)}`;
  expect((await press(sandbox, `${path}/bill`)).headers.get('location')).toBe(path);
  expect(sandbox.sessions[0]?.subscription?.billCount).toBe(2);
  await press(sandbox, `${path}/cancel`);
  expect(await shown()).toContain('Subscription: cancelled');
  expect(await shown()).not.toContain('Bill the next period');
});
