import { expect, onTestFinished, test } from 'vitest';
import { keys, keysOf, LEASE, none, payment } from '../support/deliveries.js';
import { describeOnPostgres } from '../support/postgres.js';

interface Plan {
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
}

/** How many pages an EXPLAIN says were looked at: what does not grow with a pile, however fast the machine is. */
function pagesOf([row]: readonly Record<string, unknown>[]): number {
  if (row === undefined) throw new Error('EXPLAIN explains');
  const [{ Plan: plan }] = row['QUERY PLAN'] as [{ Plan: Plan }];
  return plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
}

interface Asked {
  readonly text: string;
  readonly values: unknown[];
}

await describeOnPostgres('piles of what may not be taken', (database) => {
  const table = `"${database.schema}".delivery`;

  async function pile(count: number, what: { type: string; subject: string; at?: string }) {
    const at = what.at ?? 'now()';
    const readyAt = what.at === undefined ? 'now()' : 'NULL';
    await database.sql(
      `INSERT INTO ${table} (key, seq, state, at, ready_at, recorded_at, received_at, subject, event_id, type, version, source, headers, raw)
       SELECT gen_random_uuid(), nextval('"${database.schema}".delivery_seq'), 'due', ${at}, ${readyAt}, now(), now(), ${what.subject},
         'evt', '${what.type}', 'v2', 'webhook', '{}', decode(repeat('61', 1000), 'hex') FROM generate_series(1, $1) n`,
      [count],
    );
  }

  async function pagesRead(types: string[], wanted: boolean): Promise<number> {
    const text = `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)
      SELECT * FROM "${database.schema}".choose_due($1, $2, '{}', 28, 10)`;
    const client = await database.pool.connect();
    try {
      await client.query(text, [types, wanted]);
      const { rows } = await client.query(text, [types, wanted]);
      return pagesOf(rows);
    } finally {
      client.release();
    }
  }

  test(
    'of other types, of later times and of one subject are passed',
    { timeout: 60_000 },
    async () => {
      const store = database.store({ timeoutMs: 30_000 });
      const wanted = { types: { only: ['payment.completed', 'refund.completed'] }, limit: 10 };
      await pile(20_000, { type: 'unwanted.type', subject: "'u' || n" });
      await pile(5_000, {
        type: 'payment.completed',
        subject: "'later' || n",
        at: "now() + interval '1 hour'",
      });
      await store.record(payment('behind'));
      expect(await pagesRead(wanted.types.only, true)).toBeLessThan(150);
      expect(await pagesRead(['unwanted.type'], false)).toBeLessThan(150);
      const [first] = await store.takeDue({ ...wanted, leaseMs: LEASE });
      expect(first?.key).toBe(payment('behind').key);
      expect(await store.takeDue({ ...wanted, leaseMs: LEASE })).toEqual([]);

      await pile(5_000, { type: 'payment.completed', subject: "'pile'" });
      await store.record(payment('behind too'));
      const [ofThePile, ...others] = await store.takeDue({ ...wanted, leaseMs: LEASE });
      expect([ofThePile?.subject, others]).toEqual(['pile', []]);
      const exceptSubjects = ['pile'];
      const behind = await store.takeDue({ ...wanted, exceptSubjects, leaseMs: LEASE });
      expect(keysOf(behind)).toEqual(keys('behind too'));
      if (ofThePile) await store.complete(ofThePile, none);
    },
  );

  test('the plan is the same whether the tables were empty or full when it was made', async () => {
    const schema = `${database.schema}_empty`;
    const pool = database.newPool({ max: 1 });
    const store = database.store({ schema, pool });
    await store.init();
    for (let times = 0; times < 8; times += 1)
      expect(await store.takeDue({ limit: 5, leaseMs: LEASE })).toEqual([]);
    const { rows } = await pool.query(
      `SELECT proconfig FROM pg_proc WHERE oid = '"${schema}".choose_due'::regproc`,
    );
    expect(rows[0].proconfig).toEqual(
      expect.arrayContaining(['enable_seqscan=off', 'plan_cache_mode=force_generic_plan']),
    );
    await database.sql(`DROP SCHEMA "${schema}" CASCADE`);
  });

  test('a page of the list reads little, whatever lies between', { timeout: 60_000 }, async () => {
    const schema = `${database.schema}_list`;
    onTestFinished(async () => void (await database.sql(`DROP SCHEMA "${schema}" CASCADE`)));
    const asked: Asked[] = [];
    const pool = database.newPool({ max: 1 });
    pool.on('connect', (client) => {
      const query = client.query.bind(client);
      Object.assign(client, {
        query(statement: Asked) {
          asked.push(statement);
          return query(statement);
        },
      });
    });
    const store = database.store({ schema, pool });
    await store.init();
    // A vacuum that comes by itself changes the planner's figures in the middle of the questions.
    await database.sql(`ALTER TABLE "${schema}".delivery SET (autovacuum_enabled = false)`);
    const fill = async (count: number, state: string, type: string) =>
      database.sql(
        `INSERT INTO "${schema}".delivery (key, seq, state, at, recorded_at, received_at, subject, event_id, type, version, source, headers, raw)
         SELECT gen_random_uuid(), nextval('"${schema}".delivery_seq'), '${state}', now(), now(), now(), 'pay@' || n, 'evt', '${type}', 'v2', 'webhook', '{}', ''
         FROM generate_series(1, $1) n`,
        [count],
      );
    await fill(3, 'dead', 'seldom');
    await fill(20_000, 'done', 'often');
    await fill(3, 'due', 'seldom');
    await fill(20_000, 'running', 'often');
    await database.sql(
      `UPDATE "${schema}".delivery SET reference = 'r' || seq, recorded_at = to_timestamp(seq * 60),
         last_error = CASE WHEN state IN ('done', 'dead') THEN 'hay ' || seq END`,
    );
    await database.sql(`VACUUM ANALYZE "${schema}".delivery`);
    const minutes = (from: number, until: number) => ({
      recordedFrom: from * 60_000,
      recordedUntil: until * 60_000,
    });
    for (const [filter, has] of [
      [{}, 20],
      [{ state: 'done' }, 20],
      [{ state: 'due' }, 3],
      [{ state: 'dead' }, 3],
      [{ type: 'often' }, 20],
      [{ type: 'seldom' }, 6],
      [{ type: 'unknown' }, 0],
      [{ state: 'due', type: 'seldom' }, 3],
      [{ state: 'due', type: 'often' }, 0],
      [{ subject: 'pay@1' }, 4],
      [{ unhandled: true }, 0],
      [{ reference: 'r100' }, 1],
      [{ reference: 'r100', state: 'due' }, 0],
      [minutes(0, 200), 20],
      [minutes(10_000, 10_005), 5],
      [{ ...minutes(0, 30_000), type: 'seldom' }, 6],
      [{ ...minutes(0, 200), type: 'often' }, 20],
      [{ error: 'hay' }, 20],
      [{ error: 'HAY 2', state: 'dead' }, 1],
      [{ ...minutes(0, 200), error: 'hay' }, 20],
    ] as const) {
      asked.length = 0;
      const { items } = await store.list({ ...filter, limit: 20 });
      const text = `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${asked[0]?.text ?? ''}`;
      // Each of some sixteen places that are looked at for a time is a walk down the index.
      const most = 'recordedFrom' in filter ? 500 : 250;
      const pages = pagesOf(await database.sql(text, asked[0]?.values));
      const few = pages < most;
      expect({ filter, count: items.length, few }).toEqual({ filter, count: has, few: true });
    }
  });

  test('pages follow one another through several types, newest first', async () => {
    const store = database.store();
    await database.sql(`DELETE FROM ${table}`);
    for (let name = 0; name < 9; name += 1)
      await store.record(payment(`page-${name}`, { type: `type.${name % 3}`, dead: 'x' }));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.list({ state: 'dead', limit: 2, cursor });
      seen.push(...keysOf(page.items));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    const names = Array.from({ length: 9 }, (_, index) => `page-${8 - index}`);
    expect(seen).toEqual(keys(...names));
    const { items } = await store.list({ type: 'type.1' });
    expect(keysOf(items)).toEqual(keys('page-7', 'page-4', 'page-1'));
  });
});
