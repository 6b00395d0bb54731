import { answerNodeRequest, type HttpResponse } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { serve } from '../support/serve.js';
import { settle } from '../support/settle.js';

const answer: HttpResponse = { status: 200, headers: { 'x-kit': 'yes' }, body: 'é from the kit' };
const asked = { method: 'POST', url: '/', headers: {} };

test('an answer is written as it stands', async () => {
  const url = await serve((_request, response) => {
    answerNodeRequest(async () => answer, asked, response);
  });
  const got = await fetch(url);
  expect([got.status, got.headers.get('x-kit'), await got.text()]).toEqual([
    200,
    'yes',
    'é from the kit',
  ]);
});

test('when somebody has answered already, that answer stands', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(504).end('too slow');
    answerNodeRequest(async () => answer, asked, response);
  });
  const got = await fetch(url);
  await settle();
  expect([got.status, await got.text()]).toEqual([504, 'too slow']);
});

test('a response whose headers are out is left to whoever sent them', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(202);
    response.flushHeaders();
    answerNodeRequest(async () => answer, asked, response);
    setTimeout(() => response.end('theirs'), 10);
  });
  const got = await fetch(url);
  expect([got.status, await got.text()]).toEqual([202, 'theirs']);
});

test('an endpoint that fails ends the connection, not the process', async () => {
  const url = await serve((_request, response) => {
    answerNodeRequest(async () => Promise.reject(new Error('bug')), asked, response);
  });
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});
