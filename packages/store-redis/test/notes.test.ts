import { describe, expect, test } from 'vitest';
import { adminOf, commandsOf } from './support/admin.js';
import { LIBRARIES } from './support/clients.js';
import { HAS_REDIS } from './support/shared-server.js';
import { openStore } from './support/stores.js';
import { startServer } from './support/throwaway-server.js';
import { pass } from './support/waiting.js';

const HOUR_MS = 3_600_000;

describe.skipIf(!HAS_REDIS).each(LIBRARIES)('%s: notes', (library) => {
  async function open() {
    const { url } = await startServer();
    const store = await openStore(library, url, { prefix: 'shop' });
    const notes = async (prefix: string) => (await store.notes?.(prefix)) ?? [];
    return {
      putNote: async (name: string, text: string, keep: { readonly keepMs: number }) =>
        store.putNote?.(name, text, keep),
      notes,
      texts: async (prefix: string) => (await notes(prefix)).map(({ name, text }) => [name, text]),
      admin: adminOf(url),
    };
  }

  test('are found by prefix, by name, byte for byte, with when they were put', async () => {
    const { putNote, notes, texts, admin } = await open();
    const [seconds] = await admin.time();
    await putNote('b/2', 'two\nlines \u{1F600}\r\n', { keepMs: HOUR_MS });
    await putNote('b/1', '', { keepMs: HOUR_MS });
    await putNote('a/~', 'x', { keepMs: HOUR_MS });
    await putNote('b/1', '1', { keepMs: HOUR_MS });
    expect(await texts('b/')).toEqual([
      ['b/1', '1'],
      ['b/2', 'two\nlines \u{1F600}\r\n'],
    ]);
    expect((await texts('')).map(([name]) => name)).toEqual(['a/~', 'b/1', 'b/2']);
    expect(await texts('c')).toEqual([]);
    expect(await texts('\n')).toEqual([]);
    const [note] = await notes('a');
    expect(note?.at).toBeGreaterThanOrEqual(Number(seconds) * 1_000);
  });

  test('expire, and their names are forgotten with them, whoever puts the next', async () => {
    const { putNote, texts, admin } = await open();
    await Promise.all(
      Array.from({ length: 150 }, async (_, number) =>
        putNote(`short/${number}`, 'x', { keepMs: 20 }),
      ),
    );
    await putNote('long', 'x', { keepMs: HOUR_MS });
    await pass(40);
    expect(await texts('')).toEqual([['long', 'x']]);
    await putNote('long', 'y', { keepMs: HOUR_MS });
    await putNote('long', 'z', { keepMs: HOUR_MS });
    expect(await admin.zrange('{shop}:2:notes', '0', '-1')).toEqual(['long']);
    expect(await admin.zcard('{shop}:2:note-ends')).toBe(1);
    expect(await admin.pttl('{shop}:2:note:long')).toBeGreaterThan(HOUR_MS / 2);
  });

  test('one that is put again for longer outlives its first end; one for no time is gone', async () => {
    const { putNote, texts } = await open();
    await putNote('a', '1', { keepMs: 20 });
    await putNote('a', '2', { keepMs: HOUR_MS });
    await pass(40);
    await putNote('b', '1', { keepMs: HOUR_MS });
    expect(await texts('')).toEqual([
      ['a', '2'],
      ['b', '1'],
    ]);
    await putNote('a', '3', { keepMs: 0 });
    expect(await texts('')).toEqual([['b', '1']]);
  });

  test.each([
    ['a name of nothing', '', 'x', HOUR_MS],
    ['a name with a line break', 'a\nb', 'x', HOUR_MS],
    ['a name beyond ASCII', 'ä', 'x', HOUR_MS],
    ['a name that is too long', 'x'.repeat(201), 'x', HOUR_MS],
    ['a text that is too long', 'x', 'ä'.repeat(32_769), HOUR_MS],
    ['a time that is none', 'x', 'x', NaN],
  ])('%s is refused', async (_name, name, text, keepMs) => {
    const { putNote, texts } = await open();
    await expect(putNote(name, text, { keepMs })).rejects.toMatchObject({ code: 'misconfigured' });
    expect(await texts('')).toEqual([]);
  });

  test('many large ones come in short scripts, and each command is of one note', async () => {
    const { putNote, notes, admin } = await open();
    const text = 'x'.repeat(4_000);
    await Promise.all(
      Array.from({ length: 300 }, async (_, number) =>
        putNote(`note/${number}`, text, { keepMs: HOUR_MS }),
      ),
    );
    const count = await commandsOf(admin, async () => {
      expect(await notes('note/')).toHaveLength(300);
    });
    expect(count).toBeLessThan(400);
  });
});
