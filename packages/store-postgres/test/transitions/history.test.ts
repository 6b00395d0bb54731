import { KEPT_ATTEMPTS, type AttemptRecord } from '@qbitflow/core/store';
import { expect, onTestFinished, test } from 'vitest';
import { LEASE, none, payment, takeOne } from '../support/deliveries.js';
import { describeOnPostgres } from '../support/postgres.js';

/** An attempt as the kit tells of it. */
function attempt(number: number, changes: Partial<AttemptRecord> = {}): AttemptRecord {
  const handlers = [{ handler: 'ship', durationMs: 3, error: `no. ${number}` }];
  const startedAt = 1_790_856_000_000 + number;
  return {
    number,
    startedAt,
    durationMs: 5,
    outcome: 'retried',
    holder: 'web-1:7',
    handlers,
    ...changes,
  };
}

await describeOnPostgres('what operators see of a delivery', (database) => {
  test('is each attempt as it ended, whatever characters are in it, the last ten of them', async () => {
    const store = database.store();
    await store.record(payment('tried'));
    for (let number = 1; number <= 12; number += 1) {
      const handlers = [{ handler: 'a\0\uD800"{},\\', durationMs: 1, stack: 'at x\n  at y' }];
      const told = attempt(number, { handlers });
      const again = { delayMs: 0, error: 'x', ...none, attempt: told };
      expect(await store.retry(await takeOne(store), again)).toBe('ok');
    }
    const last = attempt(13, { outcome: 'done' });
    await store.complete(await takeOne(store), { ...none, attempt: last });
    const { attempts } = (await store.get(payment('tried').key)) ?? {};
    expect(attempts?.map(({ number }) => number)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect(attempts).toHaveLength(KEPT_ATTEMPTS);
    expect(attempts?.[0]?.handlers[0]).toEqual({
      handler: 'a\0\uD800"{},\\',
      durationMs: 1,
      stack: 'at x\n  at y',
    });
    expect(attempts?.at(-1)).toEqual(last);
    expect((await store.list({})).items[0]?.attempts).toBeUndefined();
  });

  test('are attempts that ended dead, or in a handler’s transaction; a lost one leaves none', async () => {
    const store = database.store();
    await store.record(payment('buried'));
    const buried = await takeOne(store);
    await store.bury(buried, { error: 'x', ...none, attempt: attempt(1, { outcome: 'dead' }) });
    expect(await store.complete(buried, { ...none, attempt: attempt(2) })).toBe('lost');
    expect((await store.get(buried.key))?.attempts).toEqual([attempt(1, { outcome: 'dead' })]);

    await store.record(payment('within'));
    const within = await takeOne(store);
    await store.transaction(async (tx) => {
      await store.completeWithin(tx, within, { succeeded: ['a'], done: false });
      const done = attempt(1, { outcome: 'done' });
      await store.completeWithin(tx, within, { ...none, done: true, attempt: done });
    });
    const kept = await store.get(within.key);
    expect(kept?.attempts).toEqual([attempt(1, { outcome: 'done' })]);
    expect(await store.replay(within.key)).toBe(true);
    expect((await store.get(within.key))?.attempts).toHaveLength(1);
    expect(await store.complete(await takeOne(store), none)).toBe('ok');
  });

  test('is who holds it and until when, for as long as it is held', async () => {
    const store = database.store();
    const holder = 'web-1:4711 (blue)';
    const before = Date.now() - 1_000;
    await store.record(payment('recorded'), { leaseMs: LEASE, holder });
    expect(await store.get(payment('recorded').key)).toMatchObject({ state: 'running', holder });
    await store.record(payment('taken'));
    const [taken] = await store.takeDue({ limit: 1, leaseMs: 1_000, holder: 'web-2' });
    if (taken === undefined) throw new Error('one was due');
    const held = await store.get(taken.key);
    expect(held).toMatchObject({ holder: 'web-2', at: expect.any(Number) });
    expect(held?.leaseUntil).toBeGreaterThan(before + 1_000);
    expect(held?.at).toBeLessThan(held?.leaseUntil ?? 0);
    await store.extend(taken, { leaseMs: LEASE * 10, ...none });
    const page = await store.list({ state: 'running', limit: 1 });
    expect(page.items[0]).toMatchObject({ holder: 'web-2' });
    expect(page.items[0]?.leaseUntil).toBeGreaterThan(before + LEASE * 10);
    await store.retry(taken, { delayMs: 0, error: 'x', ...none });
    const free = await store.get(taken.key);
    expect([free?.holder, free?.leaseUntil]).toEqual([undefined, undefined]);
    // Taken by who does not say who it is, a process of the release before among them.
    const [again] = await store.takeDue({ limit: 1, leaseMs: LEASE });
    expect(again?.key).toBe(taken.key);
    expect((await store.get(taken.key))?.holder).toBeUndefined();
  });

  test.each(['two\nlines', 'ä', 'x'.repeat(65), ''])('refuses %j as a holder', async (holder) => {
    const store = database.store();
    const taken = store.takeDue({ limit: 1, leaseMs: LEASE, holder });
    await expect(taken).rejects.toMatchObject({ code: 'misconfigured' });
    const recorded = store.record(payment('nobody’s'), { leaseMs: LEASE, holder });
    await expect(recorded).rejects.toMatchObject({ code: 'misconfigured' });
  });

  test('counts what comes again, many at once too, and while a handler’s transaction holds it', async () => {
    const store = database.store();
    const { key } = payment('again');
    await Promise.all([1, 2, 3].map(async () => store.record(payment('again'))));
    const duplicates = async () => (await store.get(key))?.duplicates;
    expect(await duplicates()).toBe(2);
    const claim = await takeOne(store);
    const tx = await database.newPool({ max: 1 }).connect();
    await tx.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await tx.query(`SELECT state FROM "${database.schema}".delivery WHERE key = $1`, [key]);
    expect(await store.record(payment('again'))).toMatchObject({ status: 'duplicate' });
    // It read the delivery before: were that changed, its own change would fail.
    expect(await store.completeWithin(tx, claim, { ...none, done: true })).toBe('ok');
    expect(await store.record(payment('again'))).toMatchObject({ status: 'duplicate' });
    await tx.query('COMMIT');
    tx.release();
    expect(await duplicates()).toBe(4);
    expect((await store.list({ subject: payment('again').subject })).items[0]).toMatchObject({
      duplicates: 4,
    });
    const stores = [1, 2, 3].map(() => database.store());
    await Promise.all(
      stores.flatMap((each) => [each.record(payment('again')), each.record(payment('x'))]),
    );
    expect(await duplicates()).toBe(7);
  });

  test('leaves nothing but its key behind', async () => {
    const store = database.store();
    const schema = `${database.schema}_left`;
    onTestFinished(async () => void (await database.sql(`DROP SCHEMA "${schema}" CASCADE`)));
    const own = database.store({ schema });
    await own.init();
    for (const name of ['done', 'dead']) {
      await own.record(payment(name, { reference: 'order 7' }));
      await own.record(payment(name));
    }
    await own.complete(await takeOne(own), { ...none, attempt: attempt(1) });
    await own.bury(await takeOne(own), { error: 'x', ...none, attempt: attempt(1) });
    expect(await own.prune({ doneForMs: 0, limit: 9 })).toBe(1);
    expect(await own.discard(payment('dead').key)).toBe(true);
    expect(await own.record(payment('done'))).toEqual({ status: 'duplicate', state: 'done' });
    for (const table of ['delivery', 'duplicate', 'later_webhook'])
      expect(await database.sql(`SELECT * FROM "${schema}".${table}`)).toEqual([]);
    expect(await store.get(payment('done').key)).toBeUndefined();
  });
});
