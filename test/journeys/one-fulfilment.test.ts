import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createQBitFlow, toNodeHandler } from '@qbitflow/core';
import { startSandbox } from '@qbitflow/sandbox';
import { describe, test, type TestContext } from 'vitest';

type Generation = 'v1' | 'v2';
type Kind = 'payment' | 'subscription';

/** What a page says once it is true. */
const PAID = /Payment received|Subscription confirmed/;
type Deliver = Generation | 'both' | 'nothing';

const API_AND_DELIVERIES: readonly (readonly [Generation, Deliver])[] = [
  ['v1', 'v1'],
  ['v2', 'v2'],
  ['v1', 'both'],
  ['v2', 'both'],
];

const journeys = (['payment', 'subscription'] as const).flatMap((kind) =>
  API_AND_DELIVERIES.map(([api, deliver]) => ({ kind, api, deliver })),
);

/** A shop on node:http whose customer has an open checkout, beside a QBitFlow of its own. */
async function openShop(
  { kind, api, deliver }: { kind: Kind; api: Generation; deliver: Deliver },
  { expect, onTestFinished }: Pick<TestContext, 'expect' | 'onTestFinished'>,
) {
  const sandbox = await startSandbox({
    deliver: deliver === 'nothing' ? 'both' : deliver,
    retryDelaysMs: [20, 20, 20],
  });
  onTestFinished(() => sandbox.close());
  const { server, url } = await listen();
  const kit = createQBitFlow({
    logger: false,
    apiKey: sandbox.apiKey,
    baseUrl: api === 'v1' ? sandbox.v1Url : sandbox.v2Url,
    webhookSecret: sandbox.secret,
    publicUrl: url,
  });
  const fulfilled: string[] = [];
  const handled: string[] = [];
  kit.on('payment.completed', ({ key }) => void fulfilled.push(key));
  kit.on('subscription.created', ({ key }) => void fulfilled.push(key));
  kit.onAny(({ key }) => void handled.push(key));
  const gate = createGate();
  server.on('request', gate.holdWebhooks(toNodeHandler(kit)));
  onTestFinished(async () => {
    gate.open();
    server.closeAllConnections();
    server.close();
    await kit.close();
  });
  await kit.start();
  if (deliver !== 'nothing') sandbox.setWebhookUrl(`${url}/webhook`);

  const session = await open(kit, kind);
  const { uuid } = session;
  const keyOf = { payment: 'payment.completed', subscription: 'subscription.created' };
  return {
    sandbox,
    kit,
    gate,
    uuid,
    pay: async () => sandbox.pay(uuid),
    comeBack: async () => {
      const page = await fetch(`${url}/success?uuid=${encodeURIComponent(uuid)}`);
      return page.text();
    },
    /** The shop has fulfilled the one thing that was bought, and goes on having done so once. */
    isFulfilledOnce: async () => {
      // What a page saw first waits some seconds for its webhook.
      const once = [`${keyOf[kind]}:${uuid}`];
      await expect.poll(() => fulfilled, { timeout: 10_000 }).toEqual(once);
      gate.open();
      await sandbox.idle();
      await expect.poll(async () => (await kit.deliveries.stats()).due).toBe(0);
      expect((await kit.deliveries.stats()).done).toBeGreaterThan(0);
      expect(fulfilled).toEqual(once);
      // Nor has anything else, a subscription's first bill for instance, been handled twice.
      expect(handled).toEqual([...new Set(handled)]);
    },
    /** What brought the news. */
    source: async () => (await kit.deliveries.get(`${keyOf[kind]}:${uuid}`))?.source,
  };
}

async function listen() {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function open(kit: ReturnType<typeof createQBitFlow>, kind: Kind) {
  const product = { productName: 'Green tea', description: 'Every month', price: 4.5 };
  if (kind === 'payment') return kit.checkout.createPayment(product);
  const frequency = { value: 1, unit: 'months' } as const;
  return kit.checkout.createSubscription({ ...product, frequency });
}

/** Webhooks wait in front of it from `close` to `open`. */
function createGate() {
  let opened = Promise.resolve();
  let release = (): void => undefined;
  return {
    close() {
      opened = new Promise((resolve) => {
        release = resolve;
      });
    },
    open: () => release(),
    holdWebhooks(app: RequestListener): RequestListener {
      return (request, response) => {
        const isWebhook = request.url === '/webhook';
        void (isWebhook ? opened : Promise.resolve()).then(() => {
          app(request, response);
        });
      };
    },
  };
}

describe.concurrent.each(journeys)('a $kind, API $api, webhooks of $deliver', (journey) => {
  test('the webhook first', async ({ expect, onTestFinished }) => {
    const { sandbox, pay, comeBack, isFulfilledOnce, source } = await openShop(journey, {
      expect,
      onTestFinished,
    });
    await pay();
    await sandbox.idle();
    expect(await comeBack()).toMatch(PAID);
    await isFulfilledOnce();
    expect(await source()).toBe('webhook');
  });

  test('the return first', async ({ expect, onTestFinished }) => {
    const { gate, pay, comeBack, isFulfilledOnce, source } = await openShop(journey, {
      expect,
      onTestFinished,
    });
    gate.close();
    await pay();
    expect(await comeBack()).toMatch(PAID);
    await isFulfilledOnce();
    expect(await source()).toBe('return');
  });

  test('both at once', async ({ expect, onTestFinished }) => {
    const { gate, pay, comeBack, isFulfilledOnce } = await openShop(journey, {
      expect,
      onTestFinished,
    });
    gate.close();
    await pay();
    const pages = Promise.all(Array.from({ length: 5 }, comeBack));
    gate.open();
    for (const page of await pages) expect(page).toMatch(PAID);
    await isFulfilledOnce();
  });
});

describe.concurrent.each(
  (['payment', 'subscription'] as const).flatMap((kind) =>
    (['v1', 'v2'] as const).map((api) => ({ kind, api, deliver: 'nothing' as const })),
  ),
)('a $kind, API $api, whose webhooks never come', (journey) => {
  test('the return alone', async ({ expect, onTestFinished }) => {
    const { pay, comeBack, isFulfilledOnce, source } = await openShop(journey, {
      expect,
      onTestFinished,
    });
    await pay();
    await comeBack();
    await comeBack();
    await isFulfilledOnce();
    expect(await source()).toBe('return');
  });

  test('a page that was open all the time, with nobody coming back', async ({
    expect,
    onTestFinished,
  }) => {
    const { kit, uuid, pay, isFulfilledOnce } = await openShop(journey, { expect, onTestFinished });
    const seen: string[] = [];
    const watching = (async () => {
      for await (const { status } of kit.watchStatus({ uuid })) seen.push(status);
    })();
    await expect.poll(() => seen).toEqual(['created']);
    await pay();
    await watching;
    expect(seen.at(-1)).toBe('completed');
    await isFulfilledOnce();
  });

  test('recovery alone, run twice at once and a third time', async ({ expect, onTestFinished }) => {
    const { kit, pay, isFulfilledOnce, source } = await openShop(journey, {
      expect,
      onTestFinished,
    });
    await pay();
    const [one, other] = await Promise.all([kit.recover({ since: 0 }), kit.recover({ since: 0 })]);
    // A subscription begins with its first bill.
    const events = journey.kind === 'payment' ? 1 : 2;
    expect(one.recorded + other.recorded).toBe(events);
    expect(await kit.recover({ since: 0 })).toMatchObject({ recorded: 0, known: events });
    await isFulfilledOnce();
    expect(await source()).toBe('recovery');
  });

  test('a recheck of the one id alone', async ({ expect, onTestFinished }) => {
    const { kit, uuid, pay, comeBack, isFulfilledOnce } = await openShop(journey, {
      expect,
      onTestFinished,
    });
    expect(await kit.recheck({ uuid })).toBeUndefined();
    await pay();
    expect(await kit.recheck({ uuid })).toEqual({ status: 'recorded' });
    expect(await kit.recheck({ uuid })).toMatchObject({ status: 'duplicate' });
    await comeBack();
    await isFulfilledOnce();
  });
});

test('recovery after the return, and the webhook after both', async ({
  expect,
  onTestFinished,
}) => {
  const shop = await openShop(
    { kind: 'payment', api: 'v2', deliver: 'both' },
    { expect, onTestFinished },
  );
  shop.gate.close();
  await shop.pay();
  await shop.comeBack();
  await expect.poll(shop.source).toBe('return');
  expect(await shop.kit.recover({ since: 0 })).toMatchObject({ recorded: 0, known: 1 });
  await shop.isFulfilledOnce();
});
