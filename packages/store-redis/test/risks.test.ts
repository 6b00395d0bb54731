import type { Logger } from '@qbitflow/core';
import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { LIBRARIES, type Library } from './support/clients.js';
import { HAS_REDIS } from './support/shared-server.js';
import { openStore } from './support/stores.js';
import { startServer } from './support/throwaway-server.js';

const AOF = ['--appendonly', 'yes'];

/** A logger that notes the codes it is warned with. */
function listening(codes: unknown[]): Logger {
  const quiet = () => undefined;
  return { debug: quiet, info: quiet, warn: ({ code }) => codes.push(code), error: quiet };
}

/** The codes `init` warns of. */
async function warningsOf(library: Library, url: string): Promise<unknown[]> {
  const codes: unknown[] = [];
  const store = await openStore(library, url, { logger: listening(codes) });
  await Promise.all([store.init?.(), store.init?.()]);
  return codes;
}

describe.skipIf(!HAS_REDIS).each(LIBRARIES)('%s', (library) => {
  test('a server that evicts is warned of', async () => {
    const evicting = ['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru'];
    const { url } = await startServer(...AOF, ...evicting);
    expect(await warningsOf(library, url)).toEqual(['redis_evicts']);
  });

  test('a server that evicts only what expires is not: nothing of the store’s does', async () => {
    const evicting = ['--maxmemory', '100mb', '--maxmemory-policy', 'volatile-lru'];
    const { url } = await startServer(...AOF, ...evicting);
    expect(await warningsOf(library, url)).toEqual([]);
  });

  test('the kit’s logger hears of it where the store has none of its own', async () => {
    const evicting = ['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-random'];
    const { url } = await startServer(...AOF, ...evicting);
    const codes: unknown[] = [];
    const store = await openStore(library, url);
    await store.init?.({ concurrency: 1, logger: listening(codes) });
    expect(codes).toEqual(['redis_evicts']);
  });

  test('a server without an append-only file is warned of', async () => {
    const { url } = await startServer();
    expect(await warningsOf(library, url)).toEqual(['redis_forgets']);
  });

  test('a server that keeps everything is not', async () => {
    const { url } = await startServer(...AOF, '--maxmemory', '100mb');
    expect(await warningsOf(library, url)).toEqual([]);
  });

  test('an evicting policy without a limit of memory is not', async () => {
    const { url } = await startServer(...AOF, '--maxmemory-policy', 'allkeys-lru');
    expect(await warningsOf(library, url)).toEqual([]);
  });

  test('a server that does not say is not', async () => {
    const { url } = await startServer();
    const admin = new Redis(url, { enableReadyCheck: false });
    await admin.acl('SETUSER', 'weak', 'on', '>pass', '~*', '&*', '+@all', '-info');
    admin.disconnect();
    expect(await warningsOf(library, url.replace('//', '//weak:pass@'))).toEqual([]);
  });
});
