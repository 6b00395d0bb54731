import { Redis } from 'ioredis';

/** The server all tests share; each keeps to a prefix of its own. */
export const REDIS_URL = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';

/** Whether it is there. Without it the tests are skipped loudly; a build machine must have one. */
export const HAS_REDIS = await answers();

if (!HAS_REDIS) {
  const message = `no Redis at ${REDIS_URL.replace(/\/\/.*@/, '//')}: start one, or name one in REDIS_URL`;
  if (process.env['CI'] === 'true') throw new Error(message);
  process.stderr.write(`\nSKIPPED, the Redis store is NOT tested: ${message}\n\n`);
}

/** Deletes what a store called `prefix` has written, whatever the client put in front of it. */
export async function removeKeys(prefix: string): Promise<void> {
  const redis = new Redis(REDIS_URL);
  try {
    for await (const keys of redis.scanStream({ match: `*{${prefix}}:*`, count: 1_000 }))
      if (keys.length > 0) await redis.unlink(keys);
  } finally {
    redis.disconnect();
  }
}

async function answers(): Promise<boolean> {
  const options = { lazyConnect: true, retryStrategy: () => null, connectTimeout: 2_000 };
  const redis = new Redis(REDIS_URL, options);
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return (await redis.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}
