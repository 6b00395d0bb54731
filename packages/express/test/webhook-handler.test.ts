import { describe, expect, test, vi } from 'vitest';
import supertest from 'supertest';
import { webhookHandler } from '../src/index.js';
import { frameworks } from './support/frameworks.js';
import { serve } from './support/serve.js';
import { openShop, v1Delivery, v2Delivery } from './support/shop.js';

describe.each(frameworks)('%s', (_name, express) => {
  async function open(mount: (app: ReturnType<typeof express>) => void = () => undefined) {
    const shop = await openShop();
    const app = express();
    mount(app);
    app.all('/webhook', webhookHandler(shop.qbitflow));
    const agent = supertest(await serve(app));
    const send = async ({ headers, body } = v2Delivery()) =>
      agent.post('/webhook').set(headers).send(Buffer.from(body).toString());
    return { ...shop, agent, send };
  }

  test('a delivery is answered as core answers it, and reaches its handler once', async () => {
    const { send, seen } = await open();
    const first = await send();
    expect([first.status, first.text]).toEqual([200, '{"received":true}']);
    expect(first.headers['content-type']).toBe('application/json; charset=utf-8');
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    expect((await send()).body).toEqual({ received: true, duplicate: true });
    expect((await send(v1Delivery())).body).toEqual({ received: true, duplicate: true });
    expect(seen).toHaveLength(1);
  });

  test('a forged delivery is answered 401', async () => {
    const { send } = await open();
    const { body, headers } = v2Delivery();
    const forged = { headers, body: Buffer.from(`${Buffer.from(body).toString()} `) };
    const { status, text } = await send(forged);
    expect([status, text]).toEqual([401, '{"error":"invalid signature"}']);
  });

  test('another method is answered 405 with Allow', async () => {
    const { agent } = await open();
    const { status, headers } = await agent.get('/webhook');
    expect([status, headers['allow']]).toEqual([405, 'POST']);
  });

  test('behind express.raw() the bytes are used as they are', async () => {
    const { send } = await open((app) => app.use(express.raw({ type: '*/*' })));
    expect((await send()).status).toBe(200);
  });

  test('behind express.text() the text is used as it is', async () => {
    const { send } = await open((app) => app.use(express.text({ type: '*/*' })));
    expect((await send()).status).toBe(200);
  });

  test('behind express.json() that keeps rawBody it works', async () => {
    const { send } = await open((app) =>
      app.use(
        express.json({
          verify: (request, _response, bytes) => {
            Object.assign(request, { rawBody: bytes });
          },
        }),
      ),
    );
    expect((await send()).status).toBe(200);
  });

  test('behind express.json() v1 works, v2 is answered at once with the remedy', async () => {
    const { send } = await open((app) => app.use(express.json()));
    expect((await send(v1Delivery())).status).toBe(200);
    const { status, text } = await send();
    expect(status).toBe(500);
    expect(text).toContain('mount the QBitFlow route before express.json()');
  });

  test('a parser for another content type leaves the stream alone', async () => {
    const { send } = await open((app) => app.use(express.json({ type: 'text/csv' })));
    expect((await send()).status).toBe(200);
  });
});
