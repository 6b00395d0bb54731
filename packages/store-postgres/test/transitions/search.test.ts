import { MOST_SEARCHED, type ListFilter } from '@qbitflow/core/store';
import { expect, onTestFinished, test } from 'vitest';
import { keys, keysOf, LEASE, none, payment, takeOne } from '../support/deliveries.js';
import { describeOnPostgres } from '../support/postgres.js';

await describeOnPostgres('finding deliveries', (database) => {
  let made = 0;

  async function ownStore() {
    made += 1;
    const schema = `${database.schema}_s${made}`;
    onTestFinished(
      async () => void (await database.sql(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)),
    );
    const store = database.store({ schema });
    await store.init();
    const found = async (filter: ListFilter) => keysOf((await store.list(filter)).items);
    return { store, found, schema };
  }

  test('by reference, exactly, alone and with everything else', async () => {
    const { store, found } = await ownStore();
    const reference = 'Bestellung 7/ä\u{1F600}';
    await store.record(payment(1, { reference }));
    await store.record(payment(2, { reference, type: 'refund.completed' }));
    await store.record(payment(3, { reference: 'Bestellung 70' }));
    await store.record(payment(4));
    await store.bury(await takeOne(store), { error: 'Card DECLINED', ...none });
    expect(await found({ reference })).toEqual(keys(2, 1));
    expect((await store.get(payment(1).key))?.reference).toBe(reference);
    expect((await store.get(payment(4).key))?.reference).toBeUndefined();
    expect(await found({ reference: 'bestellung 7/ä\u{1F600}' })).toEqual([]);
    expect(await found({ reference, state: 'dead' })).toEqual(keys(1));
    expect(await found({ reference, type: 'refund.completed' })).toEqual(keys(2));
    expect(await found({ reference, subject: payment(2).subject })).toEqual(keys(2));
    expect(await found({ reference, error: 'declined' })).toEqual(keys(1));
    expect(await found({ reference, error: 'declined', state: 'due' })).toEqual([]);
  });

  test('by when they were recorded, page by page, alone and with everything else', async () => {
    const { store, found, schema } = await ownStore();
    const names = Array.from({ length: 40 }, (_, index) => index);
    for (const name of names)
      await store.record(
        payment(name, {
          type: `type.${name % 2}`,
          reference: 'r',
          ...(name % 4 === 0 ? { dead: 'Oops' } : {}),
        }),
      );
    // One an hour, with gaps in the numbers.
    await database.sql(
      `DELETE FROM "${schema}".delivery WHERE subject IN ('pay@20', 'pay@21', 'pay@22')`,
    );
    await database.sql(
      `UPDATE "${schema}".delivery SET recorded_at = to_timestamp(substring(subject FROM 5)::int * 3600 + 0.0005)`,
    );
    const hours = (from: number, until: number) => ({
      recordedFrom: from * 3_600_000,
      recordedUntil: until * 3_600_000,
    });
    expect(await found(hours(10, 14))).toEqual(keys(13, 12, 11, 10));
    expect(await found(hours(18, 25))).toEqual(keys(24, 23, 19, 18));
    expect(await found({ recordedUntil: 2 * 3_600_000 })).toEqual(keys(1, 0));
    expect(await found({ recordedFrom: 38 * 3_600_000 })).toEqual(keys(39, 38));
    expect(await found({ ...hours(30, 39), type: 'type.1' })).toEqual(keys(37, 35, 33, 31));
    expect(await found({ ...hours(30, 39), state: 'dead' })).toEqual(keys(36, 32));
    expect(await found({ ...hours(30, 39), state: 'dead', type: 'type.1' })).toEqual([]);
    expect(await found({ ...hours(30, 39), error: 'OOPS' })).toEqual(keys(36, 32));
    expect(await found({ ...hours(30, 33), reference: 'r' })).toEqual(keys(32, 31, 30));
    expect(await found(hours(21, 22))).toEqual([]);
    expect(await found(hours(14, 10))).toEqual([]);
    expect(await found({ recordedFrom: Infinity })).toEqual([]);
    expect(await found({ recordedUntil: -Infinity })).toEqual([]);
    expect(await found({ ...hours(-1e9, 1e9), limit: 1000 })).toHaveLength(37);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.list({ ...hours(5, 16), limit: 3, cursor });
      seen.push(...keysOf(page.items));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(keys(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5));
    const { recordedAt = 0 } = (await store.get(payment(7).key)) ?? {};
    expect(await found({ recordedFrom: recordedAt, recordedUntil: recordedAt + 1 })).toEqual(
      keys(7),
    );
  });

  test('by a text in the error, whatever the case of its ASCII letters', async () => {
    const { store, found } = await ownStore();
    const errors = ['Bank said NO: 50% %_\\', 'ÄRGER mit K', 'no such order', "it's 'quoted'"];
    for (const [name, error] of errors.entries()) {
      await store.record(payment(name));
      await store.bury(await takeOne(store), { error, ...none });
    }
    await store.record(payment('test money', { unhandled: 'no test money here' }));
    await store.record(payment('fine'));
    expect(await found({ error: 'no' })).toEqual(keys('test money', 2, 0));
    expect(await found({ error: 'NO SUCH' })).toEqual(keys(2));
    expect(await found({ error: '50% %_\\' })).toEqual(keys(0));
    expect(await found({ error: '%' })).toEqual(keys(0));
    expect(await found({ error: "'quoted'" })).toEqual(keys(3));
    expect(await found({ error: 'ärger' })).toEqual([]);
    expect(await found({ error: 'Ärger' })).toEqual(keys(1));
    expect(await found({ error: '\u212A' })).toEqual([]);
    expect(await found({ error: '' })).toHaveLength(6);
    expect(await found({ error: 'no', unhandled: true })).toEqual(keys('test money'));
    expect(await found({ error: 'no', state: 'dead', limit: 1 })).toEqual(keys(2));
    expect(await found({ error: 'no', type: 'another.type' })).toEqual([]);
  });

  test('a search that finds little says where it stopped, and goes on from there to the end', async () => {
    const { store, schema } = await ownStore();
    const fill = async (count: number, error: string | null) =>
      database.sql(
        `INSERT INTO "${schema}".delivery (key, seq, state, at, recorded_at, received_at, subject, event_id, type, version, source, headers, raw, last_error)
         SELECT gen_random_uuid(), nextval('"${schema}".delivery_seq'), (ARRAY['due', 'dead', 'done'])[n % 3 + 1], now(), now(), now(), 'one', 'evt', 'often', 'v2', 'webhook', '{}', '', $2
         FROM generate_series(1, $1) n`,
        [count, error],
      );
    await store.record(payment('oldest', { dead: 'needle' }));
    await fill(MOST_SEARCHED - 1, 'hay');
    await store.record(payment('middle', { dead: 'Needle' }));
    await fill(MOST_SEARCHED - 1, 'hay');
    await fill(100, null);
    const seen: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = await store.list({ error: 'needle', cursor });
      seen.push(keysOf(page.items));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen.filter((page) => page.length > 0)).toEqual([keys('middle'), keys('oldest')]);
    expect(seen.length).toBeLessThanOrEqual(3);
    const first = await store.list({ error: 'hay', limit: 2 });
    expect(first.items).toHaveLength(2);
    const bySubject = await store.list({ error: 'needle', subject: 'one' });
    expect(bySubject).toMatchObject({ items: [], nextCursor: expect.any(String) });
    const dead = await store.list({ error: 'needle', state: 'dead' });
    expect(keysOf(dead.items)).toEqual(keys('middle', 'oldest'));
  });

  test('is as before for what runs', async () => {
    const { store, found } = await ownStore();
    await store.record(payment(1), { leaseMs: LEASE });
    expect(await found({ state: 'running' })).toEqual(keys(1));
    expect(await found({ state: 'running', error: 'x' })).toEqual([]);
  });
});
