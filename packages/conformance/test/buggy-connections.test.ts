import type { DurableStore } from '@qbitflow/core';
import { expect, test } from 'vitest';
import {
  countsTokensPerConnection,
  knowsSinceItWasOpened,
  remembersKeysInItsProcess,
} from './buggy-connections.js';
import { failingConnections } from './support/failing-cases.js';
import type { ModelData } from './support/model-data.js';
import { modelStore } from './support/model-store.js';

test.concurrent('correct connections fail nothing', async () => {
  expect(await failingConnections({})).toEqual([]);
});

const RESTART = [
  'later webhook: a restart keeps it, and its being the first',
  'dueSince: a restart keeps it',
  'unhandled: a restart keeps it',
  'attempts: a restart keeps them',
  'duplicates: a restart keeps the count',
  'tombstones: a restart knows them',
  'knownSince: a restart keeps it, before and after keys are forgotten',
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

test.concurrent(
  'a store that takes its own start for the beginning of its memory fails',
  async () => {
    const connections = (data: ModelData) => (store: DurableStore) =>
      knowsSinceItWasOpened(store, data);
    expect(await failingConnections({ connections })).toEqual([
      'knownSince: every connection says the same, before and after keys are forgotten',
      'knownSince: a restart keeps it, before and after keys are forgotten',
    ]);
  },
);

test.concurrent('a store that remembers pruned keys in its process fails', async () => {
  const connections = (data: ModelData) => (store: DurableStore) =>
    remembersKeysInItsProcess(store, data);
  expect(await failingConnections({ connections })).toEqual(
    expect.arrayContaining([
      'tombstones: the other connection knows them',
      'tombstones: a restart knows them',
      'pruned meanwhile: by the other connection, duplicates are known all the same',
    ]),
  );
});
