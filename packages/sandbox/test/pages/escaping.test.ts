import { expect, test } from 'vitest';
import { call, openWorld, unjudged } from '../support/world.js';

// One payload in each field that can reach a page, each with its own mark.
const payload = (mark: string): string =>
  `<script>alert('${mark}')</script>"><img src=x onerror='${mark}'>`;

test('no text that anybody sent becomes markup on any page', async () => {
  const { sandbox } = await openWorld(
    { retryDelaysMs: [] },
    (response) => {
      // What a header may carry.
      response
        .writeHead(302, { location: "/<img src=x onerror='location'>" })
        .end(payload('answer'));
    },
    unjudged,
  );
  const session = {
    reference: payload('reference'),
    productName: payload('product'),
    description: payload('description'),
    customerReference: payload('customer'),
    price: 4.99,
  };
  // Whatever v1 takes of it: the rest of the rules is not this test's.
  for (const field of ['reference', 'productName', 'description', 'customerReference'] as const) {
    const plain = { productName: 'Mug', description: 'Blue', price: 4.99 };
    await call(sandbox, 'POST /v1/transaction/session-checkout/new/payment', {
      ...plain,
      [field]: session[field],
    });
  }
  await call(sandbox, 'POST /v1/transaction/session-checkout/new/payment', {
    productName: payload('product'),
    description: payload('description'),
    price: 4.99,
  });
  for (const { uuid } of sandbox.sessions)
    await fetch(`${sandbox.url}/checkout/${encodeURIComponent(uuid)}/pay`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ name: payload('name'), email: payload('email') }),
    });
  await sandbox.send({ version: 'v2', id: payload('id'), type: payload('type') });
  await sandbox.send({ txType: payload('txType') });
  await sandbox.trigger('payment.completed', { set: { type: payload('triggered') } });
  await sandbox.idle();

  const addresses = [
    '/',
    '/deliveries',
    '/events',
    ...sandbox.sessions.flatMap(({ uuid }) => [`/sessions/${uuid}`, `/checkout/${uuid}`]),
    ...sandbox.events.map(({ id }) => `/events/${encodeURIComponent(id)}`),
    `/?q=${encodeURIComponent(payload('search'))}&state=${encodeURIComponent(payload('state'))}`,
    `/checkout/${encodeURIComponent(payload('path'))}`,
    `/sessions/${encodeURIComponent(payload('path'))}`,
  ];
  const texts = await Promise.all(
    addresses.map(async (address) => (await fetch(sandbox.url + address)).text()),
  );
  const all = texts.join('\n');
  const marks = 'product description name answer location type txType triggered search';
  for (const mark of marks.split(' ')) expect(all).toMatch(new RegExp(`&#39;${mark}&#39;`));
  for (const text of texts) {
    expect(text.match(/<script/g)).toHaveLength(1);
    expect(text).not.toContain('<img');
  }
});
