import { createQBitFlow } from '@qbitflow/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { metricsHandler, qbitflowPlugin } from '../src/index.js';
import { frameworks } from './support/frameworks.js';

describe.each(frameworks)('%s', (_name, fastify) => {
  async function openApp(): Promise<string> {
    const qbitflow = createQBitFlow({ webhookSecret: 'whsec_test', logger: false });
    const authorize = ({ headers }: { headers: object }) => Reflect.get(headers, 'x-operator');
    const app = fastify({});
    app.register(qbitflowPlugin, { prefix: '/admin', qbitflow, desk: { authorize } });
    app.get('/metrics', metricsHandler(qbitflow));
    onTestFinished(async () => {
      await app.close();
      await qbitflow.close();
    });
    return app.listen({ port: 0, host: '127.0.0.1' });
  }

  test('the desk works below any path, for those who are let in', async () => {
    const url = await openApp();
    expect((await fetch(`${url}/admin/desk`)).status).toBe(403);
    const headers = { 'x-operator': 'Ada' };
    const page = await fetch(`${url}/admin/desk?view=deliveries`, { headers });
    expect([page.status, page.headers.get('x-frame-options')]).toEqual([200, 'DENY']);
    expect(await page.text()).toContain('<bdi>Ada</bdi>');
  });

  test('a form is taken and leads to the page of its action', async () => {
    const url = `${await openApp()}/admin/desk?view=confirm&do=discard&state=dead`;
    const headers = { 'x-operator': 'Ada' };
    const page = await (await fetch(url, { headers })).text();
    const token = /name="token" value="([^"]+)"/.exec(page.replaceAll(/\s+/g, ' '))?.[1] ?? '';
    const body = new URLSearchParams({ do: 'discard', state: 'dead', token });
    const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      expect.stringContaining('view=action'),
    ]);
  });

  test('metrics are served to this machine', async () => {
    const figures = await fetch(`${await openApp()}/metrics`);
    expect(figures.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await figures.text()).toContain('qbitflow_deliveries{state="due"} 0');
  });
});
