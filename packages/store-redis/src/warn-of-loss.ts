import type { Logger } from '@qbitflow/core';
import { textOf } from './script/reply.js';

/** What of Redis' configuration decides whether it keeps what it is given. */
interface Keeping {
  readonly evicts: string | undefined;
  readonly appendOnly: boolean;
}

/**
 * Warns when Redis may evict deliveries or lose them in a crash. Silent where the server does not say, as managed
 * services may not.
 */
export async function warnOfLoss(info: () => Promise<unknown>, logger: Logger): Promise<void> {
  const keeping = await readKeeping(info);
  if (keeping === undefined) return;
  if (keeping.evicts !== undefined)
    logger.warn(
      { code: 'redis_evicts', policy: keeping.evicts },
      'Redis evicts keys when it reaches maxmemory, deliveries among them: set maxmemory-policy noeviction',
    );
  if (!keeping.appendOnly)
    logger.warn(
      { code: 'redis_forgets' },
      'Redis keeps no append-only file: a crash loses deliveries that were answered 200; set appendonly yes',
    );
}

/** INFO tells it all, and managed services that forbid CONFIG allow it. */
async function readKeeping(readInfo: () => Promise<unknown>): Promise<Keeping | undefined> {
  const info = await readInfo().then(textOf, () => undefined);
  if (info === undefined) return undefined;
  const policy = fieldOf(info, 'maxmemory_policy');
  const limited = Number(fieldOf(info, 'maxmemory') ?? 0) > 0;
  return {
    // The others evict keys that expire; none of the store's does.
    evicts: limited && policy?.startsWith('allkeys-') === true ? policy : undefined,
    appendOnly: fieldOf(info, 'aof_enabled') !== '0',
  };
}

function fieldOf(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];
}
