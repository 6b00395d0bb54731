import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Sandbox, startSandbox } from '@qbitflow/sandbox';
import { describe, expect, onTestFinished, test } from 'vitest';
import { soon, visitEverything } from './support/visit-everything.js';

/** Starts a shop whose tracer was there before anything else, as tracers have to be. */
async function startShop(framework: string, tracer: string, sandbox: Sandbox) {
  const file = join(import.meta.dirname, 'traced/shop.cjs');
  const child = spawn(process.execPath, [file, framework, tracer], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      QBITFLOW_API_KEY: sandbox.apiKey,
      QBITFLOW_WEBHOOK_SECRET: sandbox.secret,
      QBITFLOW_BASE_URL: sandbox.v2Url,
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const lines = createInterface(child.stdout);
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the shop ended: ${complaints}`);
  });
  ended.catch(() => undefined);
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  return { url: line.replace('listening ', ''), complaints: () => complaints };
}

describe.each(['express', 'express4', 'koa', 'koa2'])('in %s', (framework) => {
  test.each(['opentelemetry', 'sentry'])(
    'every route works and is traced by %s',
    async (tracer) => {
      const sandbox = await startSandbox({ retryDelaysMs: [] });
      onTestFinished(async () => sandbox.close());
      const { url, complaints } = await startShop(framework, tracer, sandbox);
      sandbox.setWebhookUrl(`${url}/qbitflow/webhook`);
      await visitEverything(url, sandbox);

      const traced = async (): Promise<unknown> => (await fetch(`${url}/traced`)).json();
      const paths = ['/buy', '/qbitflow/webhook', '/qbitflow/cancel', '/qbitflow/success'];
      for (const path of paths)
        await expect.poll(traced, soon).toContainEqual(expect.stringContaining(path));
      await expect
        .poll(traced, soon)
        .toContainEqual(expect.stringMatching(/^\/qbitflow\/status\/./));
      expect(complaints()).toBe('');
    },
  );
});
