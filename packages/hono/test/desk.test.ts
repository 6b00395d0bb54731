import { createQBitFlow } from '@qbitflow/core';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { describe, expect, onTestFinished, test } from 'vitest';
import { deliveriesDesk, metricsHandler } from '../src/index.js';

describe('the desk', () => {
  async function openApp(): Promise<string> {
    const kit = createQBitFlow({ webhookSecret: 'whsec_test', logger: false });
    const authorize = ({ headers }: { headers: object }) => Reflect.get(headers, 'x-operator');
    const app = new Hono();
    app.all('/admin/desk', deliveriesDesk(kit, { authorize }));
    app.get('/metrics', metricsHandler(kit));
    return new Promise((resolve) => {
      const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
        resolve(`http://127.0.0.1:${port}`);
      });
      onTestFinished(async () => {
        server.close();
        await kit.close();
      });
    });
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
