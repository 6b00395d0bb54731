// What people write by hand: one SET NX into Redis a request, then the 200. Nothing works the keys off.
import { Redis } from 'ioredis';
import { createServer } from 'node:http';
import { listen } from '../shared/listen.mjs';
import { nodeRoute } from '../shared/node-route.mjs';
import { redisUrl, space } from '../shared/space.mjs';

const redis = new Redis(redisUrl);

async function keep(body) {
  const text = body.toString('utf8');
  const kept = await redis.set(`${space}:${JSON.parse(text).id}`, text, 'NX');
  return kept === null ? { received: true, duplicate: true } : { received: true };
}

listen(createServer(nodeRoute(keep)));
