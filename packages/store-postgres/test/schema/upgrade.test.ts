import { expect, onTestFinished, test } from 'vitest';
import { postgresStore, schemaSql } from '../../src/index.js';
import { keysOf, LEASE, none, payment, takeOne } from '../support/deliveries.js';
import { rejectionOf } from '../support/eventually.js';
import { describeOnPostgres } from '../support/postgres.js';
import { releaseBefore } from '../support/release-before.js';

const DONE = { status: 'duplicate', state: 'done' };
let made = 0;

await describeOnPostgres('tables of the release before', (database) => {
  /** A schema that the release before made and filled, with deliveries in every state. */
  async function filled() {
    made += 1;
    const schema = `${database.schema}_u${made}`;
    onTestFinished(
      async () => void (await database.sql(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)),
    );
    const before = releaseBefore(database.pool, schema);
    await before.createSchema();
    for (const key of ['done', 'pruned', 'dead', 'waiting', 'lapsed', 'running', 'due'])
      await before.record(key);
    await before.record('unreadable', 'not readable');
    const take = async (leaseMs: number) => {
      const [claim] = await before.takeDue(1, leaseMs);
      if (claim === undefined) throw new Error('the release before had nothing to take');
      return claim;
    };
    await before.complete(await take(LEASE));
    await before.complete(await take(LEASE));
    await before.bury(await take(LEASE));
    await before.retry(await take(LEASE), 3_600_000);
    const lapsed = await take(0);
    await database.sql(
      `UPDATE "${schema}".delivery SET at = at + interval '1 minute' WHERE key = 'lapsed'`,
    );
    const running = await take(LEASE);
    await database.sql(
      `UPDATE "${schema}".delivery SET at = at - interval '1 minute' WHERE key = 'lapsed'`,
    );
    return { schema, before, running, lapsed };
  }

  test('are brought up to date in place: nothing is lost, nothing comes twice', async () => {
    const { schema, running } = await filled();
    const stores = Array.from({ length: 4 }, () => database.store({ schema, max: 2 }));
    const [store] = stores;
    if (store === undefined) throw new Error('four stores');
    const started = Date.now();
    await Promise.all(stores.map(async (each) => each.init()));
    expect(await store.stats()).toMatchObject({
      due: 2,
      running: 2,
      done: 2,
      dead: 2,
      unhandled: 0,
    });
    for (const key of ['done', 'dead', 'waiting', 'lapsed', 'running', 'due'])
      expect(await store.record(payment('x', { key }))).toMatchObject({ status: 'duplicate' });
    expect(Buffer.from((await store.get('due'))?.raw ?? []).toString()).toBe('{"of":"due"}');
    // Whatever was pruned before cannot be known: keys are kept from now on.
    expect(await store.knownSince()).toBeGreaterThanOrEqual(started - 60_000);

    const taken = await store.takeDue({ limit: 9, leaseMs: LEASE });
    expect(keysOf(taken).toSorted()).toEqual(['due', 'lapsed']);
    const { recordedAt } = (await store.get('due')) ?? {};
    expect(taken.find(({ key }) => key === 'due')).toMatchObject({
      started: 1,
      finished: 0,
      lapsed: false,
      dueSince: recordedAt,
    });
    expect(taken.find(({ key }) => key === 'lapsed')).toMatchObject({ started: 1, lapsed: true });
    for (const claim of [...taken, running]) expect(await store.complete(claim, none)).toBe('ok');
    expect(await store.replay('dead')).toBe(true);
    expect(await store.replay('done')).toBe(true);
    expect(keysOf(await store.takeDue({ limit: 9, leaseMs: LEASE }))).toEqual(['dead', 'done']);
    expect(await store.stats()).toMatchObject({ due: 1, running: 2, done: 4, dead: 1 });
  });

  test('of each version before are brought up to date, and list and count what was in them', async () => {
    for (const version of [1, 2, 3]) {
      made += 1;
      const schema = `${database.schema}_u${made}`;
      onTestFinished(
        async () => void (await database.sql(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)),
      );
      const [upToIt] = schemaSql(schema).split(`.migration (version) VALUES (${version});`);
      await database.pool.query(`${upToIt}.migration (version) VALUES (${version}); COMMIT`);
      await database.sql(
        `INSERT INTO "${schema}".delivery (key, seq, state, at, recorded_at, received_at, subject, event_id, type, version, source, headers, raw)
         SELECT state, nextval('"${schema}".delivery_seq'), state, now(), now(), now(), 'pay@1', 'evt', 'payment.completed', 'v2', 'webhook', '{}', 'x'
         FROM unnest('{due,running,done,dead}'::text[]) state`,
      );
      await database.pool.query(schemaSql(schema, { from: version }));
      const store = database.store({ schema });
      await store.init();
      expect(await store.stats()).toMatchObject({ due: 1, running: 1, done: 1, dead: 1 });
      for (const state of ['due', 'running', 'done', 'dead'] as const)
        expect(keysOf((await store.list({ state })).items)).toEqual([state]);
      const { items } = await store.list({ type: 'payment.completed' });
      expect(keysOf(items)).toEqual(['dead', 'done', 'running', 'due']);
      expect((await takeOne(store)).key).toBe('due');
      expect(await store.prune({ doneForMs: 0, limit: 9 })).toBe(1);
      expect(await store.stats()).toMatchObject({ due: 0, running: 2, done: 0, dead: 1 });
    }
  });

  test('may still be worked on by it: neither takes what the other holds', async () => {
    const { schema, before, running } = await filled();
    const store = database.store({ schema });
    await store.init();
    await before.complete(running);
    await store.takeDue({ limit: 9, leaseMs: LEASE });
    await database.sql(`UPDATE "${schema}".delivery SET state = 'done'`);

    // Taken here and renewed beside the row, which looks lapsed to the release before.
    await store.record(payment('ours'));
    const ours = await takeOne(store, 30);
    expect(await store.extend(ours, { leaseMs: LEASE, ...none })).toBe('ok');
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await before.takeDue(5, LEASE)).toEqual([]);
    expect(await store.complete(ours, none)).toBe('ok');

    // Taken there and renewed in the row.
    await store.record(payment('theirs'));
    const [theirs] = await before.takeDue(5, 30);
    expect(theirs?.key).toBe(payment('theirs').key);
    if (theirs === undefined) return;
    await before.extend(theirs, LEASE);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await store.takeDue({ limit: 5, leaseMs: LEASE })).toEqual([]);

    // What it puts off waits here, though it was at the head of the line before.
    await before.retry(theirs, LEASE);
    expect(await store.takeDue({ limit: 5, leaseMs: LEASE })).toEqual([]);
    await database.sql(`UPDATE "${schema}".delivery SET at = now() WHERE key = $1`, [theirs.key]);
    expect((await takeOne(store)).key).toBe(theirs.key);

    // A lease that lapsed in earnest goes from one to the other.
    await before.record('one');
    await before.takeDue(5, 0);
    const taken = await takeOne(store, 0);
    expect(taken).toMatchObject({ key: 'one', lapsed: true });
    expect((await before.takeDue(5, LEASE)).map(({ key }) => key)).toEqual(['one']);
    expect(await store.complete(taken, none)).toBe('lost');
  });

  test('keep their keys when it prunes or discards, and it cannot bring them back', async () => {
    const { schema, before } = await filled();
    const store = database.store({ schema });
    await store.init();
    const since = await store.knownSince();
    expect(await before.prune(0)).toBe(2);
    expect(await before.discard('dead')).toBe(true);
    for (const key of ['done', 'pruned', 'dead']) {
      expect(await store.get(key)).toBeUndefined();
      expect(await store.record(payment('x', { key }))).toEqual(DONE);
      // It tries again a few times and answers 503: the sender comes again, to a process of this release one day.
      expect(await rejectionOf(before.record(key))).toMatchObject({ code: '40001' });
      expect(await store.record(payment('x', { key }))).toEqual(DONE);
    }
    expect(await before.record('due')).toBe('due');
    expect(await before.record('fresh')).toBe('fresh');
    expect(await store.knownSince()).toBe(since);
  });

  test('may be used by a role that had the rights before, without granting anything again', async () => {
    const { schema } = await filled();
    const role = `${schema}_shop`;
    await database.pool.query(`CREATE ROLE "${role}" LOGIN;
      GRANT USAGE ON SCHEMA "${schema}" TO "${role}";
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "${schema}" TO "${role}";
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA "${schema}" TO "${role}"`);
    onTestFinished(
      async () => void (await database.pool.query(`DROP OWNED BY "${role}"; DROP ROLE "${role}"`)),
    );
    const connectionString = database.url.replace('postgres@', `${role}@`);
    const shop = database.store({ schema, pool: database.newPool({ connectionString }) });
    expect(await rejectionOf(shop.init())).toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining(`schemaSql("${schema}", { from: 1 })`),
    });
    await database.pool.query(schemaSql(schema, { from: 1 }));
    await shop.init();
    await shop.record(payment('by role'));
    const claims = await shop.takeDue({ limit: 9, leaseMs: LEASE });
    for (const claim of claims) {
      expect(await shop.extend(claim, { leaseMs: LEASE, ...none })).toBe('ok');
      expect(await shop.complete(claim, none)).toBe('ok');
    }
    expect(await shop.prune({ doneForMs: 0, limit: 1 })).toBe(1);
    expect(await shop.prune({ doneForMs: LEASE, keepKeysMs: 0, limit: 9 })).toBe(1);
    expect(await shop.knownSince()).toBeGreaterThan(0);
    await shop.record(payment('twice'));
    await shop.record(payment('twice'));
    expect(await shop.get(payment('twice').key)).toMatchObject({ duplicates: 1 });
    await shop.putNote('here', 'x', { keepMs: 60_000 });
    expect(await shop.notes('')).toHaveLength(1);
    expect((await shop.list({ subject: payment('twice').subject })).items).toHaveLength(1);
  });

  test('are recorded in and completed by a process that knows neither references nor attempts', async () => {
    const { schema } = await filled();
    const store = database.store({ schema });
    await store.init();
    const { key, subject, type } = payment('theirs');
    const said = {
      key,
      subject,
      event_id: 'evt',
      type,
      version: 'v2',
      source: 'webhook',
      headers: {},
    };
    const taken = { state: 'running', token: 'theirs', lease_ms: LEASE };
    const arrival = { ...said, ...taken, received_at: 1, body_from: 1, body_length: 2 };
    const record = async () =>
      database.sql(
        `SELECT now_ms, known::text, notified FROM "${schema}".record_all($1::json, '{}'::bytea, 'c', 'o')`,
        [JSON.stringify([arrival])],
      );
    expect(await record()).toEqual([{ now_ms: expect.any(String), known: null, notified: '0' }]);
    expect(await record()).toMatchObject([{ known: '[[1, "running webhook"]]' }]);
    const held = await store.get(key);
    expect(held).toMatchObject({ state: 'running', duplicates: 1 });
    expect([held?.holder, held?.reference, held?.attempts]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const completions = JSON.stringify([{ claimed: key, held_by: 'theirs', names: ['a'] }]);
    const lost = await database.sql(`SELECT lost FROM "${schema}".complete_all($1::json)`, [
      completions,
    ]);
    expect(lost).toEqual([{ lost: null }]);
    expect(await store.get(key)).toMatchObject({ state: 'done', succeeded: ['a'] });
  });

  test('that are locked by a transaction left open are tried again later, and hold up nobody meanwhile', async () => {
    const { schema } = await filled();
    const holder = await database.newPool().connect();
    onTestFinished(() => holder.release(true));
    await holder.query('BEGIN');
    await holder.query(`UPDATE "${schema}".delivery SET last_error = 'x' WHERE key = 'due'`);
    const store = postgresStore({ pool: database.newPool(), schema });
    expect(await rejectionOf(store.init())).toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('lock'),
    });
    expect(await releaseBefore(database.pool, schema).record('meanwhile')).toBe('fresh');
    await holder.query('COMMIT');
    await store.init();
    expect(await store.get('meanwhile')).toMatchObject({ state: 'due' });
    await store.close();
  });
});
