import { expect, test } from 'vitest';
import { keys, keysOf, LEASE, none, payment } from '../support/deliveries.js';
import { describeOnPostgres } from '../support/postgres.js';

const back = { delayMs: 0, counted: false, error: 'shutdown', ...none };

await describeOnPostgres('a record that takes', (database) => {
  test('stands as if it had been recorded and then taken', async () => {
    const store = database.store();
    const outcome = await store.record(payment('taken'), { leaseMs: LEASE });
    const stored = await store.get(payment('taken').key);
    expect(outcome).toEqual({
      status: 'recorded',
      taken: { token: expect.any(String), dueSince: stored?.recordedAt },
    });
    expect(stored).toMatchObject({ state: 'running', started: 1, finished: 0 });
    expect(stored?.at).toBe(stored?.recordedAt);
    expect(stored?.leaseUntil).toBe((stored?.recordedAt ?? 0) + LEASE);
    expect(await store.takeDue({ limit: 9, leaseMs: LEASE })).toEqual([]);
    const { key } = payment('taken');
    const token = outcome.status === 'recorded' ? (outcome.taken?.token ?? '') : '';
    expect(await store.complete({ key, token: 'another' }, none)).toBe('lost');
    expect(await store.complete({ key, token }, none)).toBe('ok');
    expect(await store.get(key)).toMatchObject({ state: 'done', started: 1, finished: 1 });
  });

  test('handed back uncounted it waits where it came, before what came after it', async () => {
    const store = database.store();
    const [first, , third] = await Promise.all([
      store.record(payment('first'), { leaseMs: LEASE }),
      store.record(payment('second')),
      store.record(payment('third'), { leaseMs: LEASE }),
    ]);
    await store.record(payment('fourth'));
    for (const [name, outcome] of [
      ['third', third],
      ['first', first],
    ] as const) {
      const token = outcome?.status === 'recorded' ? (outcome.taken?.token ?? '') : '';
      expect(await store.retry({ key: payment(name).key, token }, back)).toBe('ok');
    }
    const taken = await store.takeDue({ limit: 9, leaseMs: LEASE });
    expect(keysOf(taken)).toEqual(keys('first', 'second', 'third', 'fourth'));
    expect(taken.every(({ started, lapsed }) => started === 1 && !lapsed)).toBe(true);
    for (const claim of taken) await store.complete(claim, none);
  });

  test('notifies nobody of what it took, and of the rest of its group as ever', async () => {
    const listener = await database.newPool({ max: 1 }).connect();
    const payloads: string[] = [];
    listener.on('notification', ({ payload = '' }) => payloads.push(payload));
    await listener.query(`LISTEN "${database.schema}_due"`);
    const store = database.store();
    const heard: (string | undefined)[] = [];
    store.onDue((subject) => heard.push(subject));
    await Promise.all([
      store.record(payment('quiet'), { leaseMs: LEASE }),
      store.record(payment('loud')),
    ]);
    await listener.query('SELECT 1');
    listener.release();
    const subjects = payloads.filter((payload) => !payload.startsWith('probe:'));
    expect(subjects.map((payload) => payload.split('\n').slice(1))).toEqual([['pay@loud']]);
    await expect.poll(() => heard).toEqual(['pay@loud']);
    await database.sql(`UPDATE "${database.schema}".delivery SET state = 'done', token = NULL`);
  });

  test('texts that PostgreSQL cannot keep spoil no other delivery of the group', async () => {
    const store = database.store();
    const raw = Buffer.from([0, 255, 92, 34]);
    const odd = payment('odd', {
      raw,
      headers: { 'a\0b': String.raw`\u0000 \ud800` + '\0', half: '\uD800' },
    });
    const group = [payment('even'), odd, payment('dead', { dead: 'NUL \0 and \uDC00' })];
    const outcomes = await Promise.all(
      group.map(async (delivery) => store.record(delivery, { leaseMs: LEASE })),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['recorded', 'recorded', 'recorded']);
    expect(await store.get(payment('even').key)).toMatchObject({
      raw: new Uint8Array(payment('even').raw),
      headers: payment('even').headers,
    });
    expect(await store.get(odd.key)).toMatchObject({
      raw: new Uint8Array(raw),
      headers: { 'a\uFFFDb': String.raw`\u0000 \ud800` + '\uFFFD', half: '\uFFFD' },
    });
    expect(await store.get(payment('dead').key)).toMatchObject({
      state: 'dead',
      lastError: 'NUL \uFFFD and \uFFFD',
    });
  });

  test('is completed by its key, however empty the tables were when the plan was made', async () => {
    const schema = `${database.schema}_plan`;
    const pool = database.newPool({ max: 1 });
    const store = database.store({ schema, pool });
    await store.init();
    const ask = async (text: string, values: unknown[] = []) =>
      (await pool.query(text, values)).rows;
    const complete = `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM "${schema}".complete_all($1)`;
    const claims = JSON.stringify([{ claimed: 'none', held_by: 'none', names: [] }]);
    for (let times = 0; times < 8; times += 1) await ask(complete, [claims]);
    await ask(
      `INSERT INTO "${schema}".delivery (key, seq, state, at, token, recorded_at, received_at, subject, event_id, type, version, source, headers, raw)
       SELECT n, n, 'running', now(), n, now(), now(), n, 'evt', 'payment.completed', 'v2', 'webhook', '{}', ''
       FROM generate_series(1, 10000) n`,
    );
    const pages: number[] = [];
    for (let times = 0; times < 3; times += 1) {
      const [row] = await ask(complete, [claims]);
      const plan: Record<string, number> = row['QUERY PLAN'][0].Plan;
      pages.push((plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0));
    }
    // One that makes the plan anew, because the server has just looked at the tables, reads its catalogues as well.
    expect(Math.min(...pages)).toBeLessThan(50);
    await database.sql(`DROP SCHEMA "${schema}" CASCADE`);
  });
});
