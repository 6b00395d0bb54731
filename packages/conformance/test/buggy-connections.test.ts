import { expect, test } from 'vitest';
import { countsTokensPerConnection } from './buggy-stores/counts-tokens-per-connection.js';
import { failingConnections } from './support/failing-cases.js';
import { modelStore } from './support/model/model-store.js';

test.concurrent('correct connections fail nothing', async () => {
  expect(await failingConnections({})).toEqual([]);
});

const RESTART = [
  'restart: every state, body and progress is as it was',
  'restart: what a process held is taken again once its lease has lapsed',
  'restart: what is recorded after it is newer, and cursors from before go on',
];

test.concurrent('a store that gives every connection a place of its own fails', async () => {
  const connections = () => () => modelStore();
  expect(await failingConnections({ connections })).toEqual(
    expect.arrayContaining([
      'connections: what one wrote the other sees',
      'connections: of records of the same keys by both at once one each is first',
      'connections: takers on both never get the same delivery or token',
    ]),
  );
});

test.concurrent('a store that counts its tokens per connection fails', async () => {
  const connections = () => countsTokensPerConnection(new Map());
  expect(await failingConnections({ connections })).toEqual([
    'restart: what a process held is taken again once its lease has lapsed',
    'connections: takers on both never get the same delivery or token',
    'connections: a claim lost to the other connection is refused',
  ]);
});

test.concurrent('a store that forgets at a restart fails', async () => {
  expect(await failingConnections({ reopen: () => modelStore() })).toEqual(RESTART);
});
