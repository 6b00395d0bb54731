import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createQBitFlow, type QBitFlow } from '@qbitflow/core';
import { startSandbox } from '@qbitflow/sandbox';
import { describe, expect, onTestFinished, test } from 'vitest';
import { frameworks } from './support/apps.mjs';
import { soon, visitEverything, watchAndLeave } from './support/visit-everything.js';

interface Neighbour {
  readonly name: string;
  readonly shows?: string;
  readonly refuses?: boolean;
}

interface Framework {
  readonly open: (
    neighbour: Neighbour,
    shop: { readonly qbitflow: QBitFlow; readonly errors: unknown[] },
  ) => Promise<RequestListener>;
}

async function openShop({ open }: Framework, neighbour: Neighbour) {
  const sandbox = await startSandbox({ retryDelaysMs: [] });
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { apiKey, secret: webhookSecret, v2Url: baseUrl } = sandbox;
  const publicUrl = `${url}/qbitflow`;
  const qbitflow = createQBitFlow({
    apiKey,
    webhookSecret,
    baseUrl,
    publicUrl,
    logger: false,
  });
  const [errors, paid]: [unknown[], unknown[]] = [[], []];
  qbitflow.on('payment.completed', ({ data }) => void paid.push(data.uuid));
  qbitflow.onError((error) => errors.push(error));
  server.on('request', await open(neighbour, { qbitflow, errors }));
  sandbox.setWebhookUrl(`${publicUrl}/webhook`);
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await Promise.all([qbitflow.close(), sandbox.close()]);
  });
  return { url, sandbox, qbitflow, errors, paid };
}

describe.each(frameworks)('in $name', (framework) => {
  test.each<Neighbour>(framework.neighbours)(
    'every route works behind $name',
    async (neighbour) => {
      const { url, sandbox, errors, paid } = await openShop(framework, neighbour);
      const { uuid, headers } = await visitEverything(url, sandbox);
      await expect.poll(() => paid, soon).toEqual([uuid]);
      expect(headers).toContain(neighbour.shows ?? 'content-type');
      const withoutTicket = await fetch(`${url}/buy`, { method: 'POST', redirect: 'manual' });
      expect(withoutTicket.status).toBe(neighbour.refuses === true ? 403 : 303);

      await watchAndLeave(url);
      // The next request is answered after the app has seen the viewer go.
      expect((await fetch(`${url}/ticket`)).status).toBe(200);
      expect(errors).toEqual([]);
    },
  );
});
