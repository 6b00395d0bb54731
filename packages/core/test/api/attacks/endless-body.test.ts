import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { startApi } from '../support/api-server.js';
import { client, rejectionOf } from '../support/kit.js';

const read = { method: 'GET', path: '/things' } as const;

function endless(response: ServerResponse, onClosed: () => void): void {
  const chunk = '9'.repeat(65_536);
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('close', onClosed);
  response.on('drain', more);
  more();
}

test.each([200, 400])(
  'an endless body with %i is cut off and the connection dropped',
  async (status) => {
    const api = await startApi();
    const closed = new Promise<void>((resolve) => {
      api.on('/v2/things', (response) => {
        response.writeHead(status);
        endless(response, resolve);
      });
    });

    const error = await rejectionOf(client(`${api.origin}/v2`).request(read));
    await closed;

    expect(error).toMatchObject({
      code: status === 200 ? 'api_unreadable' : 'api_rejected',
      status,
    });
  },
);

test('a small body that inflates is bounded by what it becomes', async () => {
  const api = await startApi();
  api.on('/v2/things', (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.end(gzipSync(`"${'a'.repeat(5_000_000)}"`));
  });

  expect(await rejectionOf(client(`${api.origin}/v2`).request(read))).toMatchObject({
    code: 'api_unreadable',
  });
});
