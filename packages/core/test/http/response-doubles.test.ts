import { answerNodeRequest, type HttpResponse } from '@qbitflow/core';
import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { settle } from '../support/settle.js';

const UNAVAILABLE: HttpResponse = {
  status: 503,
  headers: { 'content-type': 'application/json', 'retry-after': '10' },
  body: '{}',
};

/** What a platform makes of the response when it is ended: its own status, whatever `writeHead` was told. */
function double(methods: object) {
  const ended: unknown[] = [];
  const headers: Record<string, unknown> = {};
  const response = {
    statusCode: 200,
    setHeader: (name: string, value: unknown) => Reflect.set(headers, name, value),
    end(body: unknown) {
      ended.push(this.statusCode, body);
    },
    ...methods,
  };
  return { response: response as unknown as ServerResponse, ended, headers };
}

test.each<[string, object]>([
  ['whose writeHead only notes what it is told', { writeHead: () => undefined }],
  ['without a writeHead', {}],
  [
    'of which nothing says whether it has ended',
    { writeHead: () => undefined, headersSent: undefined },
  ],
])('a response %s is ended with its status', async (_name, methods) => {
  const { response, ended } = double(methods);
  answerNodeRequest(async () => UNAVAILABLE, { method: 'POST', url: '/', headers: {} }, response);
  await settle();
  expect(ended).toEqual([503, '{}']);
});

test('a response without a writeHead gets its headers one by one', async () => {
  const { response, headers } = double({});
  answerNodeRequest(async () => UNAVAILABLE, { method: 'POST', url: '/', headers: {} }, response);
  await settle();
  expect(headers).toEqual({ ...UNAVAILABLE.headers, 'content-length': '2' });
});
