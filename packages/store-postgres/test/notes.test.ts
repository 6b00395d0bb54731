import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { describeOnPostgres } from './support/postgres.js';

await describeOnPostgres('notes', (database) => {
  test('are kept by name for as long as was said, and swept by the next one', async () => {
    const store = database.store();
    const rows = async () => database.sql(`SELECT name FROM "${database.schema}".note ORDER BY 1`);
    await store.putNote('a/2', 'two', { keepMs: 60_000 });
    await store.putNote('a/1', 'one', { keepMs: 60_000 });
    await store.putNote('a/1', 'uno', { keepMs: 60_000 });
    await store.putNote('a/gone', 'x', { keepMs: 1 });
    await pause(10);
    await store.putNote('b', 'ä\u{1F600}\uD800', { keepMs: 60_000 });
    const kept = await store.notes('a/');
    expect(kept.map(({ name, text }) => [name, text])).toEqual([
      ['a/1', 'uno'],
      ['a/2', 'two'],
    ]);
    expect(kept[0]?.at).toBeGreaterThan(Date.now() - 60_000);
    expect((await store.notes('')).map(({ name }) => name)).toEqual(['a/1', 'a/2', 'b']);
    expect((await store.notes('b'))[0]?.text).toBe('ä\u{1F600}\uFFFD');
    expect(await store.notes('%')).toEqual([]);
    expect(await rows()).toEqual([{ name: 'a/1' }, { name: 'a/2' }, { name: 'b' }]);
    await store.putNote('b', '', { keepMs: 0 });
    expect(await rows()).toEqual([{ name: 'a/1' }, { name: 'a/2' }]);
  });

  test('of many processes at once are the last one’s', async () => {
    const stores = [1, 2, 3].map(() => database.store());
    await Promise.all(
      stores.flatMap((store, index) =>
        ['same', `own ${index}`].map(async (name) =>
          store.putNote(name, `${index}`, { keepMs: 60_000 }),
        ),
      ),
    );
    expect(await stores[0]?.notes('own')).toHaveLength(3);
    expect(await stores[0]?.notes('same')).toHaveLength(1);
  });

  test.each([
    ['', 'x', 1],
    ['ä', 'x', 1],
    ['x'.repeat(201), 'x', 1],
    ['big', 'ä'.repeat(32 * 1024 + 1), 1],
    ['ever', 'x', Infinity],
    ['nan', 'x', NaN],
  ])('refuses %j', async (name, text, keepMs) => {
    const put = database.store().putNote(name, text, { keepMs });
    await expect(put).rejects.toMatchObject({ code: 'misconfigured' });
  });
});
