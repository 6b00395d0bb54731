import { expect, test } from 'vitest';
import type { Sandbox } from '../../src/index.js';
import { openPayment, openSandbox, openSubscription, openWorld } from '../support/world.js';

async function page(sandbox: Sandbox, path = '/'): Promise<{ text: string; policy: string }> {
  const answer = await fetch(sandbox.url + path);
  return {
    text: await answer.text(),
    policy: answer.headers.get('content-security-policy') ?? '',
  };
}

/** What a browser's button does. */
async function press(
  sandbox: Sandbox,
  path: string,
  fields: Record<string, string> = {},
  from = '/',
): Promise<Response> {
  return fetch(sandbox.url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      accept: 'text/html,*/*;q=0.8',
      'sec-fetch-site': 'same-origin',
      referer: sandbox.url + from,
    },
    body: new URLSearchParams(fields),
  });
}

/** The ids of the sessions or events that a list shows, in its order. */
function idsIn(text: string): string[] {
  return [...text.matchAll(/class="id" href="\/sessions\/([^"]+)"/g)].map(([, id = '']) =>
    decodeURIComponent(id),
  );
}

test('sessions lead to their own pages, and tell how their deliveries went', async () => {
  const { sandbox } = await openWorld();
  const paid = await openPayment(sandbox, { reference: 'order-1' });
  await sandbox.pay(paid);
  const open = await openPayment(sandbox);
  await sandbox.idle();
  const { text } = await page(sandbox);
  expect(idsIn(text)).toEqual([open, paid]);
  expect(text).toMatch(/order-1[^]*1 delivered/);
  expect(text).toContain(`href="/checkout/${encodeURIComponent(open)}"`);
});

test('deliveries show what the shop answered, what to try, and a button to send again', async () => {
  const { sandbox, receiver } = await openWorld({ retryDelaysMs: [] }, (response, number) => {
    if (number === 1) response.writeHead(404).end('Cannot POST /webhook');
    else response.end('ok');
  });
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  const { text } = await page(sandbox, '/deliveries');
  expect(text).toContain('<code class="answer">Cannot POST /webhook</code>');
  expect(text).toMatch(/<b>Try:<\/b> check the path/);
  const again = /action="([^"]+\/redeliver)"/.exec(text)?.[1] ?? '';
  const answer = await press(sandbox, again, {}, '/deliveries?state=failed');
  expect([answer.status, answer.headers.get('location')]).toEqual([
    303,
    '/deliveries?state=failed',
  ]);
  await sandbox.idle();
  expect(receiver.received).toHaveLength(2);
});

test('events that were never delivered are there, and can be sent', async () => {
  const { sandbox, receiver } = await openWorld({ deliver: 'v1' });
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  const { text } = await page(sandbox, '/events?state=not+sent');
  expect(text).toContain('payment.completed');
  expect(text).not.toContain('transaction.completed</a>');
  await press(sandbox, `/sandbox/events/${sandbox.events[0]?.id}/redeliver`);
  await sandbox.idle();
  expect(receiver.received.map(({ headers }) => headers['qbitflow-event-type'])).toEqual([
    undefined,
    'payment.completed',
  ]);
});

test('a list has fifty rows a page, the newest first', async () => {
  const sandbox = await openSandbox();
  const opened: string[] = [];
  for (let count = 0; count < 120; count += 1) opened.push(await openPayment(sandbox));
  const newest = opened.toReversed();
  const first = await page(sandbox);
  expect(idsIn(first.text)).toEqual(newest.slice(0, 50));
  expect(first.text).toMatch(/1–50 of 120/);
  expect(first.text).toMatch(/<a href="\/\?page=2">Older/);
  const last = await page(sandbox, '/?page=3');
  expect(idsIn(last.text)).toEqual(newest.slice(100));
  expect(last.text).toContain('<a href="/?page=2">Newer');
  expect(last.text).not.toContain('Older');
  for (const query of ['?page=-1', '?page=x', '?page=1.5', '?page=0'])
    expect(idsIn((await page(sandbox, `/${query}`)).text)).toHaveLength(50);
  expect(idsIn((await page(sandbox, '/?page=999')).text)).toEqual([]);
});

test('sessions are found by id, order, product and state, and by all words at once', async () => {
  const sandbox = await openSandbox();
  const mug = await openPayment(sandbox, { productName: 'Coffee mug', reference: 'order-7' });
  const monthly = await openSubscription(sandbox, { productName: 'Coffee of the month' });
  await sandbox.pay(monthly);
  const found = async (query: string) => idsIn((await page(sandbox, `/?${query}`)).text);
  expect(await found('q=ORDER-7')).toEqual([mug]);
  expect(await found(`q=${encodeURIComponent(mug.slice(4, 20))}`)).toEqual([mug]);
  expect(await found('q=coffee')).toEqual([monthly, mug]);
  expect(await found('q=coffee+active')).toEqual([monthly]);
  expect(await found('q=coffee&state=created')).toEqual([mug]);
  expect(await found('q=tea')).toEqual([]);
  expect((await page(sandbox, '/?q=tea')).text).toContain('None found');
});

test('deliveries and events are found by type, and by the order that they are about', async () => {
  const { sandbox } = await openWorld();
  await sandbox.pay(await openPayment(sandbox, { reference: 'order-7' }));
  await sandbox.expire(await openPayment(sandbox, { reference: 'order-8' }));
  await sandbox.idle();
  for (const path of ['/deliveries', '/events']) {
    const byType = await page(sandbox, `${path}?q=checkout.expired`);
    expect(idsIn(byType.text)).toEqual([sandbox.sessions[1]?.uuid]);
    const byOrder = await page(sandbox, `${path}?q=order-7+payment.completed`);
    expect(idsIn(byOrder.text)).toEqual([sandbox.sessions[0]?.uuid]);
  }
});

test('a search is shown as it was typed, and kept on the way to the next page', async () => {
  const sandbox = await openSandbox();
  for (let count = 0; count < 51; count += 1)
    await openPayment(sandbox, { productName: "Tea & 'Mug'" });
  const { text } = await page(sandbox, '/?q=tea+%26&state=created');
  expect(text).toContain('value="tea &amp;"');
  expect(text).toContain('href="/?q=tea+%26&amp;state=created&amp;page=2"');
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

/** The names of the switches that are on. */
function pressed(text: string): string[] {
  return [...text.matchAll(/aria-pressed="true"[^>]*>\s*([\w-]+)/g)].map(([, name = '']) => name);
}

test('scenarios, faults and the WebSocket are switched with one click each', async () => {
  const sandbox = await openSandbox();
  expect(pressed((await page(sandbox)).text)).toEqual(['none', 'on']);
  await press(sandbox, '/switch/scenario/stale/on');
  await press(sandbox, '/switch/scenario/duplicate/on');
  await press(sandbox, '/switch/fault/busy');
  const answer = await press(sandbox, '/switch/websocket/refuse', {}, '/deliveries');
  expect(answer.headers.get('location')).toBe('/deliveries');
  expect(pressed((await page(sandbox)).text)).toEqual(['duplicate', 'stale', 'busy', 'refuse']);
  const asked = await fetch(`${sandbox.v2Url}/me`);
  expect([asked.status, asked.headers.get('retry-after')]).toEqual([429, '2']);
  await press(sandbox, '/switch/scenario/stale/off');
  await press(sandbox, '/switch/fault/none');
  expect(pressed((await page(sandbox)).text)).toEqual(['duplicate', 'none', 'refuse']);
});

test('the clock is moved with a button, and what is due happens', async () => {
  const sandbox = await openSandbox();
  await openPayment(sandbox);
  expect((await page(sandbox)).text).toContain('the machine&#39;s time');
  expect((await press(sandbox, '/clock/week')).status).toBe(303);
  expect(sandbox.sessions[0]?.status).toBe('expired');
  expect((await page(sandbox)).text).toContain('ahead of the machine');
  expect((await press(sandbox, '/clock/century')).status).toBe(400);
});

test('a fault that no button makes is shown as one of the own', async () => {
  const sandbox = await openSandbox();
  for (const fault of [
    { status: 418 },
    { status: 500, code: 'timeout' },
    { paths: /me/, drop: true },
  ]) {
    sandbox.setApiFault(fault);
    const { text } = await page(sandbox);
    expect(text).toContain('a fault of your own');
    expect(pressed(text)).toEqual(['on']);
  }
});

test.each([
  ['/switch/scenario/teleport/on', 'there is no scenario'],
  ['/switch/websocket/shout', 'there is no WebSocket mode'],
  ['/switch/fault/earthquake', 'there is no fault'],
])('%s is refused in words', async (path, words) => {
  const sandbox = await openSandbox();
  const answer = await press(sandbox, path);
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain(words);
});

test('a webhook is triggered from the page, with fields set', async () => {
  const { sandbox, receiver } = await openWorld();
  expect((await page(sandbox)).text).toContain('<option value="v1 transaction.expired"');
  const fields = {
    type: 'v2 payment.completed',
    set: 'data.reference=order-1\r\ndata.note=gift\r\n',
  };
  expect((await press(sandbox, '/trigger', fields)).status).toBe(303);
  await sandbox.idle();
  expect(receiver.received[0]?.body).toMatch(/"reference":"order-1".*"note":"gift"/);
});

test.each([
  [{ type: 'v2 payment.done' }, 'did you mean payment.completed'],
  [{ type: 'v2 payment.completed', set: 'nonsense' }, 'write path=value'],
  [{}, 'did you mean'],
])('what cannot be triggered (%o) is said on a page', async (fields, words) => {
  const { sandbox } = await openWorld();
  const answer = await press(sandbox, '/trigger', fields);
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(words)]);
});

test('without a webhook URL the page says how to start with one', async () => {
  const sandbox = await openSandbox();
  const answer = await press(sandbox, '/trigger', { type: 'v2 payment.completed' });
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('--webhook')]);
  expect(sandbox.sessions).toEqual([]);
});

test('a form that is too large is refused', async () => {
  const { sandbox } = await openWorld();
  const answer = await press(sandbox, '/trigger', { set: 'x'.repeat(1_100_000) });
  expect(answer.status).toBe(413);
});

test.each(['http://evil.example/x', '//evil.example', 'nonsense', ''])(
  'a button pressed on %j leads to the index',
  async (referer) => {
    const sandbox = await openSandbox();
    const headers = { accept: 'text/html', referer };
    const path = `${sandbox.url}/sandbox/secret/rotate`;
    const answer = await fetch(path, { method: 'POST', redirect: 'manual', headers });
    expect(answer.headers.get('location')).toBe('/');
  },
);

test('a path that looks like another host is not followed there', async () => {
  const sandbox = await openSandbox();
  const headers = { accept: 'text/html', referer: `${sandbox.url}//evil.example/` };
  const path = `${sandbox.url}/sandbox/secret/rotate`;
  const answer = await fetch(path, { method: 'POST', redirect: 'manual', headers });
  expect(answer.headers.get('location')).toBe('/evil.example/');
});

test('one script by its hash, nothing else inline, and its forms stay here', async () => {
  const sandbox = await openSandbox();
  const uuid = await openSubscription(sandbox);
  for (const path of ['/', '/deliveries', '/events', `/sessions/${uuid}`]) {
    const { text, policy } = await page(sandbox, path);
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'self'; script-src 'sha256-[\w+/=]{44}'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(text.match(/<script/g)).toHaveLength(1);
    expect(text.replace(/<script>[^]*<\/script>/, '')).not.toMatch(
      /<style|\sstyle=|\son\w+=|javascript:/,
    );
  }
  const style = await fetch(`${sandbox.url}/sandbox/style.css`);
  expect(style.headers.get('content-type')).toContain('text/css');
});
