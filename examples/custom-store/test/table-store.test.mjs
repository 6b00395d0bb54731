import { randomUUID } from 'node:crypto';
import { durableStoreSuite } from '@qbitflow/conformance';
import { createQBitFlow } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { Client } from 'pg';
import { expect, test, vi } from 'vitest';
import { open } from './open-table.mjs';
import { describeOn, POSTGRES_URL, postgresServer } from './servers.mjs';

const file = new URL('open-table.mjs', import.meta.url).href;

/** A table of its own, which is not there yet, and how to remove it. */
function freshTable() {
  const argument = { url: POSTGRES_URL, name: `example_${randomUUID().replaceAll('-', '')}` };
  async function drop() {
    const client = new Client({ connectionString: POSTGRES_URL });
    await client.connect();
    await client.query(`DROP TABLE IF EXISTS ${argument.name}`);
    await client.end();
  }
  return { argument, drop };
}

await describeOn(postgresServer, "an inbox on the merchant's own table", () => {
  durableStoreSuite({
    test,
    // What is for operators' desks alone: a store without it is whole.
    capabilities: {
      announcesDue: false,
      joinsTransactions: false,
      keepsHistory: false,
      searches: false,
      keepsNotes: false,
    },
    async createStore() {
      const { argument, drop } = freshTable();
      const again = async () => open(argument);
      return {
        store: await again(),
        reopen: again,
        openSecond: again,
        processModule: { file, argument },
        cleanup: drop,
      };
    },
  });

  test('a kit runs on it: recorded before the answer, handled once', async () => {
    const { argument, drop } = freshTable();
    const store = await open(argument);
    const kit = createQBitFlow({ logger: false, webhookSecret: 'whsec_example', store });
    const references = [];
    kit.on('payment.completed', (event) => references.push(event.data.reference));
    const body = fixtures.v2['payment.completed']();
    const signed = signDelivery({ version: 'v2', body, secret: 'whsec_example' });
    const request = {
      method: 'POST',
      url: '/webhook',
      headers: signed.headers,
      rawBody: signed.body,
    };
    try {
      const answers = [await kit.handleWebhook(request), await kit.handleWebhook(request)];
      expect(answers.map((answer) => answer.body)).toEqual([
        '{"received":true}',
        '{"received":true,"duplicate":true}',
      ]);
      await vi.waitFor(async () => expect((await store.stats()).done).toBe(1), 10_000);
      expect(references).toEqual(['order-1042']);
    } finally {
      await kit.close();
      await drop();
    }
  });
});
