import { expect, test } from 'vitest';
import { keys, keysOf, LEASE, none, payment } from '../support/deliveries.js';
import { describeOnPostgres } from '../support/postgres.js';

interface Plan {
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
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

  /** How many pages are looked at to choose: what does not grow with a pile, however fast the machine is. */
  async function pagesRead(types: string[], wanted: boolean): Promise<number> {
    const text = `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)
      SELECT * FROM "${database.schema}".choose_due($1, $2, '{}', 28, 10)`;
    const client = await database.pool.connect();
    try {
      await client.query(text, [types, wanted]);
      const { rows } = await client.query(text, [types, wanted]);
      const plan = rows[0]['QUERY PLAN'][0].Plan as Plan;
      return plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
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
});
