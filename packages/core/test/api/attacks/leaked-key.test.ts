import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { startApi } from '../support/api-server.js';
import { API_KEY, client, collectingLogger, eagerClock, rejectionOf } from '../support/kit.js';

test('a server that echoes the key does not get it into errors or the log', async () => {
  const api = await startApi();
  api.on('/v2/things', { status: 500, json: { error: `bad key ${API_KEY}`, code: API_KEY } });
  const logger = collectingLogger();

  const error = await rejectionOf(
    client(`${api.origin}/v2`, { logger, clock: eagerClock(), timeoutMs: 77_777 }).request({
      method: 'GET',
      path: '/things',
    }),
  );

  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(API_KEY);
  expect(logger.lines).toHaveLength(2);
  expect(inspect(logger.lines, { depth: 9, showHidden: true })).not.toContain(API_KEY);
});

test.each(['sk_live_secret\n', 'sk live secret', '', 'sk_é'])(
  'a key no header can carry (%j) is refused at creation without being quoted',
  (apiKey) => {
    let caught: unknown;
    try {
      client('http://127.0.0.1:9/v2', { apiKey });
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ code: 'misconfigured' });
    expect(inspect(caught)).not.toContain('secret');
  },
);
