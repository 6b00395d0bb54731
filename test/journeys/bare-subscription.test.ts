import { startSandbox } from '@qbitflow/sandbox';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDeskProcess } from './support/desk.js';

/** A shop beside a sandbox in which someone subscribes. `uuid` is bare, as old links carry it. */
async function openSubscription(generation: 'v1' | 'v2') {
  const sandbox = await startSandbox();
  onTestFinished(async () => sandbox.close());
  const baseUrl = generation === 'v1' ? sandbox.v1Url : sandbox.v2Url;
  const { url, kit } = await openDeskProcess({
    apiKey: sandbox.apiKey,
    webhookSecret: sandbox.secret,
    baseUrl,
  });
  const created = await fetch(`${sandbox.v2Url}/transaction/session-checkout/new/subscription`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': sandbox.apiKey },
    body: JSON.stringify({
      productName: 'Tea',
      description: 'A tin a month',
      price: 4.5,
      frequency: { value: 1, unit: 'months' },
    }),
  });
  const { uuid } = (await created.json()) as { uuid: string };
  const look = async (more = '') => {
    const page = await fetch(`${url}/success?uuid=${uuid.replace('sub@', '')}${more}`);
    return page.text();
  };
  return { sandbox, kit, uuid, look };
}

describe.each(['v1', 'v2'] as const)('a bare id in a link, on %s', (generation) => {
  test.each(['', '&type=subscription'])(
    'is a subscription’s where the API says so%s',
    async (more) => {
      const { sandbox, kit, uuid, look } = await openSubscription(generation);
      const before = await look(more);
      expect(before).toContain('Waiting for you to pay');
      expect(before).toMatch(/>Subscribed<\/li>/);
      await sandbox.pay(uuid);
      await expect.poll(async () => look(more)).toContain('Subscription confirmed');
      expect(await look(more)).toContain('every month');
      await expect
        .poll(async () => (await kit.deliveries.list({ limit: 10 })).items.map(({ key }) => key))
        .toEqual([`subscription.created:${uuid}`]);
    },
  );
});
