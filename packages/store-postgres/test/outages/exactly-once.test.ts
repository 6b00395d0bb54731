import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { postgresStore } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { needsBinaries } from '../support/postgres.js';
import { startServer, type ThrowawayServer } from '../support/throwaway-server.js';

const binaries = needsBinaries('the server restarts during a handler’s transaction');

/** Orders, and how often each was paid: an effect that counts. */
const ORDERS = `
CREATE TABLE orders (id text PRIMARY KEY, paid boolean NOT NULL DEFAULT false);
CREATE TABLE paid_log (id text);
CREATE FUNCTION note_paid() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN INSERT INTO paid_log VALUES (NEW.id); RETURN NEW; END $$;
CREATE TRIGGER note_paid AFTER UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION note_paid();
INSERT INTO orders (id) SELECT 'order-' || n FROM generate_series(1, 9) n;
`;

describe.skipIf(binaries === undefined)(
  'the server restarts during a handler’s transaction',
  () => {
    let server: ThrowawayServer;
    beforeAll(async () => {
      server = await startServer(binaries ?? '');
      await ask(ORDERS);
      const store = postgresStore({ connectionString: server.url });
      await store.init();
      await store.close();
    }, 60_000);
    afterAll(async () => server.remove());

    async function connect(): Promise<Client> {
      const client = new Client({ connectionString: server.url });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    }

    async function ask(text: string): Promise<Record<string, unknown>[]> {
      const client = await connect();
      try {
        return (await client.query(text)).rows ?? [];
      } finally {
        await client.end();
      }
    }

    /** A process of its own, for the question is whether it lives. */
    async function openShop(way: string) {
      const file = join(import.meta.dirname, '..', 'support', 'shop.mjs');
      const child = spawn(process.execPath, [file, server.url, way], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const said: string[] = [];
      createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
      onTestFinished(() => void child.kill('SIGKILL'));
      await eventually(() => said.includes('started'));
      return {
        said,
        child,
        say: (line: string) => void child.stdin.write(`${line}\n`),
        async close() {
          child.stdin.write('close\n');
          const [code] = await once(child, 'exit');
          return code as unknown;
        },
      };
    }

    /** Somebody else is at the order's row: the handler's transaction is open, and waits. */
    async function lockOrder(id: string): Promise<Client> {
      const holder = await connect();
      await holder.query('BEGIN');
      await holder.query('SELECT 1 FROM orders WHERE id = $1 FOR UPDATE', [id]);
      return holder;
    }

    const isWaiting = async () =>
      (
        await ask(
          "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE orders%'",
        )
      ).length > 0;

    const endings: Readonly<Record<string, () => Promise<unknown>>> = {
      stops: async () => server.stop(),
      crashes: async () => server.crash(),
      'ends the connection': async () =>
        ask(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'UPDATE orders%' AND pid <> pg_backend_pid()",
        ),
    };

    let orders = 0;
    test.each(
      ['readme', 'by-hand'].flatMap((way) => Object.keys(endings).map((end) => [way, end])),
    )(
      '%s: it %s, the shop lives and the order is paid once',
      { timeout: 60_000 },
      async (way = '', end = '') => {
        orders += 1;
        const id = `order-${orders}`;
        const shop = await openShop(way);
        const holder = await lockOrder(id);
        shop.say(`deliver ${orders} ${id}`);
        await eventually(isWaiting);
        await endings[end]?.();
        await eventually(() => shop.said.some((line) => line.startsWith('failed')));
        expect(shop.child.exitCode).toBeNull();
        if (end !== 'ends the connection') await server.start();
        await holder.end().catch(() => undefined);
        const paid = async () => ask(`SELECT id FROM paid_log WHERE id = '${id}'`);
        const key = `payment.completed:pay@${orders}`;
        const state = async () =>
          (await ask(`SELECT state FROM qbitflow.delivery WHERE key = '${key}'`))[0]?.['state'];
        await eventually(async () => (await state()) === 'done');
        expect(await paid()).toEqual([{ id }]);
        expect(await shop.close()).toBe(0);
        expect(await paid()).toEqual([{ id }]);
      },
    );
  },
);
