import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { redisStore } from '../src/index.js';
import { LIBRARIES } from './support/clients.js';
import { payment } from './support/deliveries.js';
import { HAS_REDIS } from './support/shared-server.js';
import { openStore } from './support/stores.js';
import { startServer } from './support/throwaway-server.js';
import { rejectionOf } from './support/waiting.js';

async function adminOf(url: string): Promise<Redis> {
  const admin = new Redis(url);
  onTestFinished(() => admin.disconnect());
  return admin;
}

function unavailable(meaning: RegExp) {
  return {
    code: 'store_unavailable',
    message: expect.stringMatching(meaning),
    cause: expect.any(Error),
  };
}

describe.skipIf(!HAS_REDIS).each(LIBRARIES)('%s', (library) => {
  test('out of memory: records are refused whole, what is there can be completed and pruned', async () => {
    const server = await startServer();
    const store = await openStore(library, server.url);
    const admin = await adminOf(server.url);
    await store.record(payment(1));
    await admin.config('SET', 'maxmemory', '1mb');
    const all = [2, 3].map(async (number) => rejectionOf(store.record(payment(number))));
    for (const error of await Promise.all(all))
      expect(error).toMatchObject(unavailable(/out of memory/));
    const [taken] = await store.takeDue({ limit: 5, leaseMs: 60_000 });
    if (taken === undefined) throw new Error('nothing was taken');
    expect(await store.complete(taken, { succeeded: [] })).toBe('ok');
    expect(await store.prune({ doneForMs: 0, limit: 10 })).toBe(1);
    await admin.config('SET', 'maxmemory', '0');
    expect(await store.stats()).toMatchObject({ due: 0, running: 0, done: 0, dead: 0 });
  });

  test('a read-only replica is named as such', async () => {
    const server = await startServer();
    const store = await openStore(library, server.url);
    const admin = await adminOf(server.url);
    await admin.replicaof('127.0.0.1', 1);
    expect(await rejectionOf(store.record(payment(1)))).toMatchObject(
      unavailable(/read-only replica/),
    );
    await admin.replicaof('NO', 'ONE');
    expect(await store.record(payment(1))).toEqual({ status: 'recorded' });
  });

  test('a cluster that is down is named as such', async () => {
    const server = await startServer('--cluster-enabled', 'yes');
    const store = await openStore(library, server.url);
    expect(await rejectionOf(store.stats())).toMatchObject(unavailable(/no node/));
  });

  test('keys of another program are named as such', async () => {
    const server = await startServer();
    const store = await openStore(library, server.url, { prefix: 'taken' });
    const admin = await adminOf(server.url);
    await admin.set('{taken}:due', 'mine');
    expect(await rejectionOf(store.stats())).toMatchObject(unavailable(/another program/));
  });

  test('a user who may not run scripts is named as such', async () => {
    const server = await startServer();
    const admin = await adminOf(server.url);
    await admin.acl('SETUSER', 'weak', 'on', '>pass', '~*', '&*', '+@all', '-@scripting');
    const store = await openStore(library, server.url.replace('//', '//weak:pass@'));
    expect(await rejectionOf(store.stats())).toMatchObject(unavailable(/may not run scripts/));
  });

  test('a user without rights to the channel loses hints, not deliveries', async () => {
    const server = await startServer();
    const admin = await adminOf(server.url);
    await admin.acl('SETUSER', 'quiet', 'on', '>pass', '~*', 'resetchannels', '+@all');
    const store = await openStore(library, server.url.replace('//', '//quiet:pass@'));
    store.onDue?.(() => undefined);
    expect(await store.record(payment(1))).toEqual({ status: 'recorded' });
    expect(await store.stats()).toMatchObject({ due: 1 });
  });

  test('a server that forgot the scripts is told them again', async () => {
    const server = await startServer();
    const store = await openStore(library, server.url);
    const admin = await adminOf(server.url);
    await store.record(payment(1));
    await admin.script('FLUSH');
    expect(await store.record(payment(1))).toEqual({ status: 'duplicate', state: 'due' });
  });
});

describe('misconfiguration', () => {
  test('a client of neither library is refused at once', () => {
    const client = JSON.parse('{}');
    expect(() => redisStore({ client })).toThrow(/ioredis or iovalkey client/);
  });

  test.each(['', 'a{b}', '}'])('the prefix %j is refused at once', (prefix) => {
    const client = new Redis({ lazyConnect: true });
    expect(() => redisStore({ client, prefix })).toThrow(/must not be empty or contain braces/);
  });
});
