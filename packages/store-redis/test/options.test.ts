import { expect, test } from 'vitest';
import { redisStore } from '../src/index.js';

const client = { callBuffer: async () => null, duplicate: () => client };

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'no options were given'],
  ['no client', {}, 'there is none'],
  ['an ioredis client itself', client, 'pass it as `redisStore({ client })`'],
  ['a node-redis client itself', { sendCommand: async () => null }, 'pass it as'],
  ['a promise of one', Promise.resolve(client), 'pass it as'],
  ['a client that is none', { client: 'redis://x' }, 'what was given is none of these'],
  ['a slip of a name', { client, prefx: 'shop' }, "'prefx' is no option: did you mean prefix?"],
  ['an option of another store', { client, pool: 1 }, "'pool' is no option: it takes client"],
])('%s in place of the options is refused at once, with the cure', (_what, options, cure) => {
  expect(() => redisStore(options as never)).toThrow(
    expect.objectContaining({
      code: 'misconfigured',
      message: expect.stringContaining('redisStore'),
    }),
  );
  expect(() => redisStore(options as never)).toThrow(cure);
});
