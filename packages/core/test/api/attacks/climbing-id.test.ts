import { expect, test } from 'vitest';
import { getStatus } from '../../../src/api/transactions.js';
import { startApi } from '../support/api-server.js';
import { client, rejectionOf } from '../support/kit.js';

test.each(['..', '.', '', 'x'.repeat(257), '\ud800'])(
  'the id %j is refused before any call',
  async (uuid) => {
    const api = await startApi();
    expect(await rejectionOf(getStatus(client(`${api.origin}/v2`), { uuid }))).toMatchObject({
      code: 'invalid_reference',
    });
    expect(api.requests).toHaveLength(0);
  },
);

test('an id full of separators stays one path segment', async () => {
  const api = await startApi();
  await getStatus(client(`${api.origin}/v2`), { uuid: '../../user?x=1#y\\%2e' });
  expect(api.requests[0]?.url).toBe(
    '/v2/transaction/session-checkout/..%2F..%2Fuser%3Fx%3D1%23y%5C%252e/status',
  );
});
