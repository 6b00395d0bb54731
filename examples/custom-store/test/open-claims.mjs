import { Redis } from 'ioredis';
import { cacheClaims } from '../cache-claims.mjs';
import { redisCache } from '../redis-cache.mjs';

/** The store on a connection of its own: for the suite and, by this file's name, for its processes. */
export async function open({ url, prefix }) {
  return cacheClaims(redisCache(new Redis(url)), { prefix });
}
