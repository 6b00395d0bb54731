import { startSandbox } from '@qbitflow/sandbox';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { openExample, postgresOf } from '../../../test/docs/example-apps.js';

/** The shop beside a sandbox, and what is in its tables. */
async function openShop(url) {
  const sandbox = await startSandbox({ retryDelaysMs: [20] });
  onTestFinished(() => sandbox.close());
  const example = await openExample('drizzle', {
    DATABASE_URL: url,
    QBITFLOW_BASE_URL: sandbox.v2Url,
    QBITFLOW_API_KEY: sandbox.apiKey,
    QBITFLOW_WEBHOOK_SECRET: sandbox.secret,
  });
  const shop = await example.start('shop.mjs');
  sandbox.setWebhookUrl(`${shop.url}/qbitflow/webhook`);
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  const select = async (text) => (await client.query(text)).rows;
  const state = async () => {
    const [{ paid }] = await select('SELECT count(*)::int AS paid FROM orders WHERE paid');
    const [{ left }] = await select('SELECT "left" FROM stock');
    return { paid, left };
  };
  async function buy() {
    const answer = await fetch(`${shop.url}/buy`, { method: 'POST', redirect: 'manual' });
    expect([answer.status, shop.output()]).toEqual([303, expect.anything()]);
    await sandbox.pay(sandbox.sessions.at(-1).uuid);
    await sandbox.idle();
  }
  return { shop, sandbox, select, state, buy };
}

test('an order and its delivery are committed together, or neither is', async (context) => {
  const url = await postgresOf(context);
  const { shop, sandbox, select, state, buy } = await openShop(url);
  await buy();
  await expect.poll(state).toEqual({ paid: 1, left: 99 });
  await sandbox.redeliver(sandbox.events.at(-1).id);
  await sandbox.idle();
  expect(
    sandbox.deliveries.flatMap(({ attempts }) => attempts.map(({ status }) => status)),
  ).toEqual([200, 200]);

  // Nothing is left: the handler's other write is taken back, and the delivery waits for another attempt.
  await select('UPDATE stock SET "left" = 0');
  await buy();
  await expect.poll(shop.output).toContain('handle_failed');
  expect(await state()).toEqual({ paid: 1, left: 0 });
  await select('UPDATE stock SET "left" = 7');
  await expect.poll(state).toEqual({ paid: 2, left: 6 });
  // Rows that one transaction wrote last have its number: each order and its delivery do.
  const together = `SELECT d.state FROM orders o
    JOIN qbitflow.delivery d ON d.reference = o.reference AND d.xmin = o.xmin WHERE o.paid`;
  expect(await select(together)).toEqual([{ state: 'done' }, { state: 'done' }]);
  expect(await (await fetch(shop.url)).text()).toContain('"left": 6');
  expect(await shop.stop()).toBe(0);
});
