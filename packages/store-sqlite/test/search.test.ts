import { MOST_SEARCHED, type ListFilter } from '@qbitflow/core/store';
import { expect, test } from 'vitest';
import { delivery, takeOne } from './support/deliveries.js';
import { freshFile, openStore } from './support/files.js';
import { drivers, openHandle } from './support/handles.js';

const none = { succeeded: [] };
const keys = (...names: (number | string)[]): string[] => names.map((name) => delivery(name).key);

function opened(driver: (typeof drivers)[number]) {
  const file = freshFile();
  const store = openStore(file, { driver });
  const found = async (filter: ListFilter) =>
    (await store.list(filter)).items.map(({ key }) => key);
  return { file, store, found };
}

test.each(drivers)('by reference, exactly, alone and with everything else: %s', async (driver) => {
  const { store, found } = opened(driver);
  const reference = 'Bestellung 7/ä\u{1F600}';
  await store.record(delivery(1, { reference }));
  await store.record(delivery(2, { reference, type: 'refund.completed' }));
  await store.record(delivery(3, { reference: 'Bestellung 70' }));
  await store.record(delivery(4));
  await store.bury(await takeOne(store), { error: 'Card DECLINED', ...none });
  expect(await found({ reference })).toEqual(keys(2, 1));
  expect((await store.get(delivery(1).key))?.reference).toBe(reference);
  expect((await store.get(delivery(4).key))?.reference).toBeUndefined();
  expect(await found({ reference: 'bestellung 7/ä\u{1F600}' })).toEqual([]);
  expect(await found({ reference, state: 'dead' })).toEqual(keys(1));
  expect(await found({ reference, type: 'refund.completed' })).toEqual(keys(2));
  expect(await found({ reference, subject: delivery(2).subject })).toEqual(keys(2));
  expect(await found({ reference, unhandled: true })).toEqual([]);
  expect(await found({ reference, error: 'declined' })).toEqual(keys(1));
  expect(await found({ reference, error: 'declined', state: 'due' })).toEqual([]);
});

test.each(drivers)('by when they were recorded, page by page: %s', async (driver) => {
  const { file, store, found } = opened(driver);
  for (let name = 0; name < 40; name += 1)
    await store.record(
      delivery(name, {
        type: `type.${name % 2}`,
        reference: 'r',
        ...(name % 4 === 0 ? { dead: 'Oops' } : {}),
      }),
    );
  const handle = await openHandle(file, driver);
  // One an hour, with gaps in the numbers.
  handle.exec("DELETE FROM qbitflow_deliveries WHERE subject IN ('pay@20', 'pay@21', 'pay@22')");
  handle.exec(
    'UPDATE qbitflow_deliveries SET recorded_at = CAST(substr(subject, 5) AS INTEGER) * 3600000',
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
  expect(await found({ ...hours(30, 33), subject: 'pay@31' })).toEqual(keys(31));
  expect(await found({ ...hours(30, 31), subject: 'pay@31' })).toEqual([]);
  expect(await found(hours(21, 22))).toEqual([]);
  expect(await found(hours(14, 10))).toEqual([]);
  expect(await found({ recordedFrom: Infinity })).toEqual([]);
  expect(await found({ recordedUntil: -Infinity })).toEqual([]);
  expect(await found({ ...hours(-1e9, 1e9), limit: 1_000 })).toHaveLength(37);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list({ ...hours(5, 16), limit: 3, cursor });
    seen.push(...page.items.map(({ key }) => key));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(seen).toEqual(keys(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5));
});

test.each(drivers)('nothing is found in an empty file: %s', async (driver) => {
  const { found } = opened(driver);
  expect(await found({ recordedFrom: 1, recordedUntil: 2, error: 'x' })).toEqual([]);
});

test.each(drivers)(
  'by a text in the error, whatever the case of ASCII letters: %s',
  async (driver) => {
    const { store, found } = opened(driver);
    const errors = ['Bank said NO: 50% %_\\', 'ÄRGER mit K', 'no such order', "it's 'quoted'"];
    for (const [name, error] of errors.entries()) {
      await store.record(delivery(name));
      await store.bury(await takeOne(store), { error, ...none });
    }
    await store.record(delivery('test money', { unhandled: 'no test money here' }));
    await store.record(delivery('fine'));
    expect(await found({ error: 'no' })).toEqual(keys('test money', 2, 0));
    expect(await found({ error: 'NO SUCH' })).toEqual(keys(2));
    expect(await found({ error: '50% %_\\' })).toEqual(keys(0));
    expect(await found({ error: "'quoted'" })).toEqual(keys(3));
    expect(await found({ error: 'ärger' })).toEqual([]);
    expect(await found({ error: 'Ärger' })).toEqual(keys(1));
    expect(await found({ error: '\u212A' })).toEqual([]);
    expect(await found({ error: '' })).toHaveLength(6);
    expect(await found({ error: 'no', unhandled: true })).toEqual(keys('test money'));
    expect(await found({ error: 'no', subject: delivery(2).subject })).toEqual(keys(2));
    expect(await found({ error: 'no', state: 'dead', limit: 1 })).toEqual(keys(2));
    expect(await found({ error: 'no', type: 'another.type' })).toEqual([]);
  },
);

test.each(drivers)(
  'a search that finds little says where it stopped, and goes on there: %s',
  async (driver) => {
    const { file, store } = opened(driver);
    await store.init?.();
    const handle = await openHandle(file, driver);
    const fill = (count: number, error: string): void => {
      handle.exec(
        `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
       INSERT INTO qbitflow_deliveries (key, state, at, changed_at, recorded_at, received_at, subject, id, type, version, source, headers, raw, last_error)
       SELECT hex(randomblob(16)), CASE n % 3 WHEN 0 THEN 'due' WHEN 1 THEN 'dead' ELSE 'done' END, 1, 1, 1, 1, 'one', 'evt', 'often', 'v2', 'webhook', '{}', x'', ${error}
       FROM numbers`,
      );
    };
    await store.record(delivery('oldest', { dead: 'needle' }));
    fill(MOST_SEARCHED - 1, "'hay'");
    await store.record(delivery('middle', { dead: 'Needle' }));
    fill(MOST_SEARCHED - 1, "'hay'");
    fill(100, 'NULL');
    const seen: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = await store.list({ error: 'needle', cursor });
      seen.push(page.items.map(({ key }) => key));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen.filter((page) => page.length > 0)).toEqual([keys('middle'), keys('oldest')]);
    expect(seen.length).toBeLessThanOrEqual(3);
    expect((await store.list({ error: 'hay', limit: 2 })).items).toHaveLength(2);
    const bySubject = await store.list({ error: 'needle', subject: 'one' });
    expect(bySubject).toMatchObject({ items: [], nextCursor: expect.any(String) });
    const dead = await store.list({ error: 'needle', state: 'dead' });
    expect(dead.items.map(({ key }) => key)).toEqual(keys('middle', 'oldest'));
  },
);
