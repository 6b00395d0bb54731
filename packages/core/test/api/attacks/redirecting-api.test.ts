import { expect, test } from 'vitest';
import { startApi } from '../support/api-server.js';
import { client, rejectionOf } from '../support/kit.js';

test.each([301, 302, 303, 307, 308])(
  'a %i is not followed and carries no key away',
  async (status) => {
    const elsewhere = await startApi();
    const api = await startApi();
    api.on('/v2/things', { status, headers: { location: `${elsewhere.origin}/v2/things` } });

    const error = await rejectionOf(
      client(`${api.origin}/v2`).request({ method: 'GET', path: '/things' }),
    );

    expect(error).toMatchObject({ code: 'api_rejected', status });
    expect(elsewhere.requests).toHaveLength(0);
    expect(api.requests).toHaveLength(1);
  },
);
