import { createQBitFlow } from '@qbitflow/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import request from 'supertest';
import { deliveriesDesk, metricsHandler } from '../src/index.js';
import { frameworks } from './support/frameworks.js';

describe.each(frameworks)('%s', (_name, express) => {
  function openApp() {
    const kit = createQBitFlow({ webhookSecret: 'whsec_test', logger: false });
    onTestFinished(async () => kit.close());
    const app = express();
    // Express 4 and 5 may parse the form before us.
    app.use(express.urlencoded({ extended: true }));
    const authorize = ({ headers }: { headers: object }) => Reflect.get(headers, 'x-operator');
    app.use('/admin/desk', deliveriesDesk(kit, { authorize }));
    app.get('/metrics', metricsHandler(kit));
    return app;
  }

  test('the desk works below any path, for those who are let in', async () => {
    const app = openApp();
    expect((await request(app).get('/admin/desk')).status).toBe(403);
    const page = await request(app).get('/admin/desk?view=deliveries').set('x-operator', 'Ada');
    expect([page.status, page.headers['x-frame-options']]).toEqual([200, 'DENY']);
    expect(page.text).toContain('<bdi>Ada</bdi>');
  });

  test('a form that a body parser has read is read all the same', async () => {
    const app = openApp();
    const asked = '/admin/desk?view=confirm&do=discard&state=dead';
    const page = await request(app).get(asked).set('x-operator', 'Ada');
    const token = /name="token" value="([^"]+)"/.exec(page.text.replaceAll(/\s+/g, ' '))?.[1];
    const form = { do: 'discard', state: 'dead', token };
    const answer = await request(app).post(asked).set('x-operator', 'Ada').type('form').send(form);
    expect([answer.status, answer.headers['location']]).toEqual([
      303,
      expect.stringContaining('view=action'),
    ]);
  });

  test('metrics are served to this machine', async () => {
    const figures = await request(openApp()).get('/metrics');
    expect(figures.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(figures.text).toContain('qbitflow_deliveries{state="due"} 0');
  });
});
