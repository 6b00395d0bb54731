import { describe, expect, test } from 'vitest';
import {
  deliver,
  DUPLICATE,
  finalLinesAbout,
  freshId,
  handled,
  paymentV2,
} from '../support/deliver.js';
import type { Subject } from '../support/receivers.js';
import { type Answer, send } from '../support/send.js';
import { API_KEY } from '../support/start-receiver.js';

const pages = ['success', 'cancel'] as const;
const json = { headers: { accept: 'application/json' } };

/** What every return page owes its reader, whatever it says. */
function expectSafe({ headers, text }: Answer): void {
  expect(headers['cache-control']).toBe('no-store');
  expect(headers['referrer-policy']).toBe('no-referrer');
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['content-security-policy']).not.toContain('unsafe');
  for (const secret of [API_KEY, 'whsec_', 'node_modules', '/dist/', '    at '])
    expect(text).not.toContain(secret);
}

/** A page's way through a framework: its query, its headers, its body or none. */
export function returnPages({ api, receiver }: Subject): void {
  describe.each(pages)('%s', (page) => {
    const open = async (query: string, sending = {}): Promise<Answer> =>
      send(`${(await receiver()).url}/${page}${query}`, sending);

    test('an id the API does not know is 404', async () => {
      const answer = await open(`?uuid=${freshId()}`);
      expect(answer.status).toBe(404);
      expect(answer.text).toContain('>Payment not found</h1>');
      expectSafe(answer);
    });

    test.each([
      ['no query', ''],
      ['an array', '?uuid[]=pay@1'],
      ['a null byte', '?uuid=pay@1%00'],
      ['HTML', `?uuid=${encodeURIComponent('"><script>alert(1)</script>')}`],
    ])('%s is 400 and comes back as no HTML', async (_name, query) => {
      const answer = await open(query);
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('>This link is incomplete</h1>');
      expect(answer.text).not.toContain('<script>alert');
      expectSafe(answer);
    });

    test('a paid one is shown in HTML and told in JSON', async () => {
      const uuid = freshId();
      (await api()).on(uuid, { status: 200, json: { uuid, status: 'completed' } });
      const shown = await open(`?uuid=${encodeURIComponent(uuid)}`);
      expect([shown.status, shown.text]).toEqual([
        200,
        expect.stringContaining(
          // Who left the checkout and paid all the same is told so.
          page === 'cancel' ? '>Your payment has arrived</h1>' : '>Payment received</h1>',
        ),
      ]);
      expectSafe(shown);
      const told = await open(`?uuid=${uuid}`, json);
      expect(told.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(JSON.parse(told.text)).toMatchObject({ state: 'paid', uuid });
      expectSafe(told);
    });

    test('HEAD says the same without a body', async () => {
      const uuid = freshId();
      (await api()).on(uuid, { status: 200, json: { uuid, status: 'completed' } });
      const answer = await open(`?uuid=${uuid}`, { method: 'HEAD' });
      expect([answer.status, answer.text]).toEqual([200, '']);
      expectSafe(answer);
    });
  });
}

/** Every state that a page may show, and every link that leads to it: the same whatever the framework. */
export function statesOfPages({ api, receiver, receiverOfV1 }: Subject): void {
  describe.each(pages)('%s', (page) => {
    const open = async (query: string, sending = {}): Promise<Answer> =>
      send(`${(await receiver()).url}/${page}${query}`, sending);

    test.each([
      ['no query', ''],
      ['an empty id', '?uuid='],
      ['an unfilled placeholder', '?uuid={{UUID}}&type={{TRANSACTION_TYPE}}'],
      ['an unfilled placeholder, encoded', '?uuid=%7B%7BUUID%7D%7D'],
      ['an id given twice', '?uuid=pay@1&uuid=pay@2'],
      ['an array', '?uuid[]=pay@1'],
      ['what is no id', '?uuid=../../etc/passwd'],
      ['a null byte', '?uuid=pay@1%00'],
    ])('%s is 400', async (_name, query) => {
      const answer = await open(query);
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('>This link is incomplete</h1>');
      expectSafe(answer);
    });

    test.each(['uuid', 'session', 'type', 'transactionType', 'anything'])(
      'HTML in %s comes back as no HTML',
      async (name) => {
        const attack = encodeURIComponent('"><script>alert(1)</script>');
        for (const query of [`?${name}=${attack}`, `?uuid=${freshId()}&${name}=${attack}`]) {
          const answer = await open(query);
          expect(answer.text).not.toContain('<script>alert');
          expectSafe(answer);
        }
      },
    );

    test.each([
      ['completed', 'paid', page === 'cancel' ? 'Your payment has arrived' : 'Payment received'],
      ['expired', 'expired', 'Checkout expired'],
      ['created', 'waiting', page === 'cancel' ? 'No payment yet' : 'Waiting for your payment'],
      ['waitingConfirmation', 'waiting', 'Waiting for your payment'],
      ['somethingNew', 'waiting', 'Waiting for your payment'],
    ])('%s is shown as %s, in HTML and in JSON', async (status, state, title) => {
      const uuid = freshId();
      (await api()).on(uuid, { status: 200, json: { uuid, status } });
      const answer = await open(`?uuid=${encodeURIComponent(uuid)}`);
      expect(answer.status).toBe(200);
      expect(answer.text).toContain(`>${title}</h1>`);
      expectSafe(answer);
      const told = await open(`?uuid=${uuid}`, json);
      expect(told.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(JSON.parse(told.text)).toMatchObject({ state, uuid, status });
      expectSafe(told);
    });

    test("a failed attempt of v2's is not final", async () => {
      const uuid = freshId();
      const lastAttempt = { status: 'failed', code: 'reverted', at: '2026-10-01T12:00:00Z' };
      (await api()).on(uuid, { status: 200, json: { uuid, status: 'created', lastAttempt } });
      const told = await open(`?session=${uuid}`, json);
      expect(JSON.parse(told.text)).toMatchObject({
        state: 'waiting',
        final: false,
        attemptFailed: true,
      });
    });

    test('nothing in the URL makes a payment paid', async () => {
      const answer = await open(`?uuid=${freshId()}&status=completed&paid=true`, json);
      expect(JSON.parse(answer.text)).toMatchObject({ state: 'unknown' });
    });
  });

  test('a paid return and the webhook that follows are one event, handled once', async () => {
    const it = await receiver();
    const uuid = freshId();
    // Recorded from a page is only what the API says happened since the store was made.
    const confirmedAt = new Date().toISOString();
    (await api()).on(uuid, { status: 200, json: { uuid, status: 'completed', confirmedAt } });
    for (const page of pages) await send(`${it.url}/${page}?uuid=${uuid}`);
    await handled(it, uuid);
    expect(await deliver(it, 'v2', paymentV2(uuid))).toEqual(DUPLICATE);
    expect(await finalLinesAbout(it, uuid)).toHaveLength(1);
  });

  test('v1 is asked its own way, and its failed is final', async () => {
    const it = await receiverOfV1();
    const server = await api();
    const [paid, failed] = [freshId(), freshId()];
    server.on(paid, { status: 200, json: { status: 'completed' } });
    server.on(failed, { status: 200, json: { status: 'failed' } });
    const states = [];
    for (const uuid of [paid, failed]) {
      const { text } = await send(`${it.url}/success?uuid=${uuid}&type=payment`, json);
      states.push(JSON.parse(text).state);
    }
    expect(states).toEqual(['paid', 'failed']);
    expect(server.askedAbout(paid)).toEqual([
      `GET /v1/transaction/status?txUUID=${paid}&txType=payment`,
      `GET /v1/transaction/payment/${paid}`,
    ]);
  });
}
