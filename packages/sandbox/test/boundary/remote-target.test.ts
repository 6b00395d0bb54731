import { expect, test } from 'vitest';
import { startSandbox } from '../../src/index.js';
import { call, openSandbox, payment } from '../support/world.js';

test.each([
  'http://example.com/',
  'http://10.0.0.1/',
  'http://127.0.0.1.example.com/',
  'http://[::2]/',
])('refuses to post to %s', async (webhookUrl) => {
  await expect(startSandbox({ webhookUrl })).rejects.toThrow('is not this machine');
});

test.each(['ftp://127.0.0.1/', 'webhook', ''])(
  'refuses %j as a webhook URL',
  async (webhookUrl) => {
    await expect(startSandbox({ webhookUrl })).rejects.toThrow('is not an absolute http(s) URL');
  },
);

test.each(['http://127.1/w', 'http://localhost:1/w', 'http://[::1]/w', 'https://shop.localhost/w'])(
  'takes %s',
  async (webhookUrl) => {
    const sandbox = await openSandbox();
    expect(() => {
      sandbox.setWebhookUrl(webhookUrl);
    }).not.toThrow();
  },
);

test('takes a remote one where that is allowed', async () => {
  const sandbox = await openSandbox({ allowRemote: true });
  expect(() => {
    sandbox.setWebhookUrl('https://example.com/');
  }).not.toThrow();
});

test("a v1 session's own webhookUrl is held to the same rule", async () => {
  const sandbox = await openSandbox();
  const answer = await call(sandbox, 'POST /v1/transaction/session-checkout/new/payment', {
    ...payment,
    webhookUrl: 'https://example.com/hook',
  });
  expect(answer.status).toBe(400);
  expect(answer.body['error']).toContain('is not this machine');
});
