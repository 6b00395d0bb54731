import { createQBitFlow, memoryStore, type EventContext } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import type { PoolClient } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { withTransaction } from '../../src/index.js';
import { eventually, rejectionOf } from '../support/eventually.js';
import { describeOnPostgres } from '../support/postgres.js';

const SECRET = 'whsec_with_transaction';
type Handler = (reference: string, context: EventContext) => Promise<unknown>;

await describeOnPostgres('withTransaction', (database) => {
  const orders = `"${database.schema}".orders`;
  const written = async () => (await database.sql(`DELETE FROM ${orders} RETURNING 1`)).length;

  /** A kit on a real store, whose one handler is given. */
  async function openKit(handler: Handler, leaseMs = 30_000) {
    await database.sql(`CREATE TABLE IF NOT EXISTS ${orders} (key text)`);
    const pool = database.newPool({ max: 5 });
    const store = database.store({ pool });
    const handlers = { pollIntervalMs: 50, minBackoffMs: 5, maxBackoffMs: 20, leaseMs };
    const kit = createQBitFlow({ logger: false, webhookSecret: SECRET, store, handlers });
    const errors: unknown[] = [];
    kit.onError((error) => void errors.push(error));
    kit.on('payment.completed', async function fulfil(event, context) {
      await handler(event.data.uuid, context);
    });
    await kit.start();
    onTestFinished(async () => kit.close());
    // Looked at from elsewhere: connections are lost here.
    const lookout = database.store();
    return {
      kit,
      pool,
      errors,
      deliver: async (uuid: string) => {
        const value = fixtures.v2['payment.completed']({ id: `evt_${uuid}`, data: { uuid } });
        const { headers, body } = signDelivery({ version: 'v2', body: value, secret: SECRET });
        const rawBody = Buffer.from(body);
        const { status } = await kit.handleWebhook({ method: 'POST', url: '/', headers, rawBody });
        expect(status).toBe(200);
        const key = `payment.completed:${uuid}`;
        await eventually(async () => (await lookout.get(key))?.state === 'done');
        return lookout.get(key);
      },
    };
  }

  test('the handler’s rows and the completion commit together, and what it made comes back', async () => {
    const results: unknown[] = [];
    const { deliver, pool } = await openKit(async (uuid, context) =>
      results.push(
        await withTransaction(context, async (tx) => {
          const { rowCount } = await tx.query(`INSERT INTO ${orders} VALUES ($1)`, [uuid]);
          return rowCount;
        }),
      ),
    );
    expect(await deliver('pay@1')).toMatchObject({ state: 'done', succeeded: ['fulfil'] });
    expect([results, await written()]).toEqual([[1], 1]);
    // Only those that are kept are out.
    await eventually(() => pool.totalCount - pool.idleCount === 2);
  });

  test('what throws is rolled back, and tried again', async () => {
    const attempts: number[] = [];
    const { deliver, errors } = await openKit(async (uuid, context) =>
      withTransaction(context, async (tx: PoolClient) => {
        attempts.push(context.attempt);
        await tx.query(`INSERT INTO ${orders} VALUES ($1)`, [uuid]);
        if (context.attempt === 1) throw new Error('no stock');
        // A statement that the server refuses spoils the whole transaction, whoever catches it.
        if (context.attempt === 2) await tx.query('SELECT 1 / 0').catch(() => undefined);
      }),
    );
    expect(await deliver('pay@2')).toMatchObject({ started: 3, finished: 3 });
    expect([attempts, await written()]).toEqual([[1, 2, 3], 1]);
    expect(errors).toMatchObject([
      { message: 'no stock' },
      { code: 'store_unavailable', facts: { sqlState: '25P02' } },
    ]);
  });

  test('a connection that is lost, before or while it commits, leaves one effect', async () => {
    const { deliver, errors } = await openKit(async (uuid, context) =>
      withTransaction(context, async (tx) => {
        await tx.query(`INSERT INTO ${orders} VALUES ($1)`, [uuid]);
        if (context.attempt > 2) return;
        const [row] = (await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows;
        const lost = database.sql('SELECT pg_terminate_backend($1)', [row?.pid]);
        if (context.attempt === 1) await lost;
      }),
    );
    expect(await deliver('pay@3')).toMatchObject({ state: 'done', succeeded: ['fulfil'] });
    expect(await written()).toBe(1);
    expect(errors.length).toBeGreaterThanOrEqual(1);
  });

  test('more handlers than the pool has clients wait their turn, and recording goes on', async () => {
    const { deliver } = await openKit(async (uuid, context) =>
      withTransaction(context, async (tx) => {
        await tx.query('SELECT pg_sleep(0.2)');
        await tx.query(`INSERT INTO ${orders} VALUES ($1)`, [uuid]);
      }),
    );
    const names = Array.from({ length: 12 }, (_, index) => `pay@many-${index}`);
    await Promise.all(names.map(deliver));
    expect(await written()).toBe(12);
  });

  test.each(['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'])(
    'at %s a handler that takes four leases long runs once',
    async (level) => {
      let runs = 0;
      const leaseMs = 900;
      const { deliver } = await openKit(
        async (uuid, context) =>
          withTransaction(context, async (tx) => {
            runs += 1;
            await tx.query(`SET TRANSACTION ISOLATION LEVEL ${level}`);
            await tx.query(`INSERT INTO ${orders} VALUES ($1)`, [uuid]);
            await new Promise((resolve) => setTimeout(resolve, leaseMs * 4));
          }),
        leaseMs,
      );
      expect(await deliver(`pay@${level.replace(' ', '-')}`)).toMatchObject({
        started: 1,
        finished: 1,
      });
      expect([runs, await written()]).toEqual([1, 1]);
    },
  );

  test('several handlers each remember their own, and the last completes', async () => {
    const { kit, deliver } = await openKit(async (uuid, context) =>
      withTransaction(context, async (tx) => tx.query(`INSERT INTO ${orders} VALUES ($1)`, [uuid])),
    );
    kit.on('payment.completed', async function mail(event, context) {
      await withTransaction(context, async (tx) => {
        await tx.query(`INSERT INTO ${orders} VALUES ($1)`, [event.data.uuid]);
        if (context.attempt === 1) throw new Error('no mail');
      });
    });
    expect(await deliver('pay@4')).toMatchObject({ succeeded: ['fulfil', 'mail'], started: 2 });
    expect(await written()).toBe(2);
  });

  test('a store that is none of ours is named, and nothing is run', async () => {
    const kit = createQBitFlow({ logger: false, webhookSecret: SECRET, store: memoryStore() });
    const errors: unknown[] = [];
    kit.onError((error) => void errors.push(error));
    let ran = 0;
    kit.on('payment.completed', async (_event, context) =>
      withTransaction(context, async () => {
        ran += 1;
      }),
    );
    await kit.start();
    onTestFinished(async () => kit.close());
    const value = fixtures.v2['payment.completed']();
    const { headers, body } = signDelivery({ version: 'v2', body: value, secret: SECRET });
    await kit.handleWebhook({ method: 'POST', url: '/', headers, rawBody: Buffer.from(body) });
    await eventually(() => errors.length > 0);
    expect(errors[0]).toMatchObject({ code: 'misconfigured' });
    const other: Pick<EventContext, 'transaction'> = {
      transaction: async (work) => work('handle'),
    };
    expect(await rejectionOf(withTransaction(other, async () => undefined))).toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('not a postgres store'),
    });
    expect(ran).toBe(0);
  });
});
