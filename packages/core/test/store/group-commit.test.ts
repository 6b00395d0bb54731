import { groupCommit } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { gate } from '../support/processes.js';
import { rejectionOf } from '../support/rejection-of.js';
import { settle } from '../support/settle.js';

/** A write that notes its groups and answers each item with its double, once `opened`. */
function slowWrite() {
  const groups: (readonly number[])[] = [];
  const gates: ReturnType<typeof gate>[] = [];
  const write = async (items: readonly number[]) => {
    const turn = gate();
    groups.push(items);
    gates.push(turn);
    await turn.opened;
    return items.map((item) => item * 2);
  };
  return { groups, gates, write };
}

test('what arrives in one turn goes in one write, each answered with its own result', async () => {
  const groups: (readonly number[])[] = [];
  const commit = groupCommit(async (items: readonly number[]) => {
    groups.push(items);
    return items.map((item) => item * 2);
  });
  expect(await Promise.all([3, 1, 2].map(commit))).toEqual([6, 2, 4]);
  expect(groups).toEqual([[3, 1, 2]]);
});

test('what arrives while a write is in flight goes together in the next, and no write overlaps', async () => {
  const { groups, gates, write } = slowWrite();
  const commit = groupCommit(write);
  const answers: number[] = [];
  const add = (item: number) => void commit(item).then((answer) => answers.push(answer));
  add(1);
  await settle();
  add(2);
  await settle();
  add(3);
  await settle();
  expect([groups, answers]).toEqual([[[1]], []]);
  gates[0]?.open();
  await settle();
  expect([groups, answers]).toEqual([[[1], [2, 3]], [2]]);
  gates[1]?.open();
  await settle();
  expect(answers).toEqual([2, 4, 6]);
});

test('a write that fails fails its own group and nobody else', async () => {
  let writes = 0;
  const commit = groupCommit(
    async (items: readonly number[]) => {
      writes += 1;
      if (writes === 1) throw new Error('disk full');
      return items;
    },
    { maxItems: 2 },
  );
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map(commit));
  expect(outcomes).toMatchObject([
    { status: 'rejected', reason: { message: 'disk full' } },
    { status: 'rejected', reason: { message: 'disk full' } },
    { status: 'fulfilled', value: 3 },
    { status: 'fulfilled', value: 4 },
  ]);
  expect(await commit(5)).toBe(5);
});

test('a write that throws at once fails like one that rejects', async () => {
  const commit = groupCommit((): Promise<readonly number[]> => {
    throw new Error('closed');
  });
  expect(await rejectionOf(commit(1))).toMatchObject({ message: 'closed' });
  expect(await rejectionOf(commit(2))).toMatchObject({ message: 'closed' });
});

test('no write has more than maxItems, and the order is kept across writes', async () => {
  const groups: (readonly number[])[] = [];
  const commit = groupCommit(
    async (items: readonly number[]) => {
      groups.push(items);
      return items;
    },
    { maxItems: 2 },
  );
  await Promise.all([1, 2, 3, 4, 5].map(commit));
  expect(groups).toEqual([[1, 2], [3, 4], [5]]);
});

test('500 go together unless said otherwise', async () => {
  const sizes: number[] = [];
  const commit = groupCommit(async (items: readonly number[]) => {
    sizes.push(items.length);
    return items;
  });
  await Promise.all(Array.from({ length: 1_001 }, async (_, index) => commit(index)));
  expect(sizes).toEqual([500, 500, 1]);
});

test('too few results are refused: nobody hears of a commit that may not be theirs', async () => {
  const commit = groupCommit(async (items: readonly number[]) => items.slice(1));
  const outcomes = await Promise.allSettled([1, 2].map(commit));
  expect(outcomes).toMatchObject([
    { status: 'rejected', reason: { message: 'a group of 2 was answered with 1 results' } },
    { status: 'rejected', reason: { message: 'a group of 2 was answered with 1 results' } },
  ]);
});

test('a bound of nothing is a bound of one', async () => {
  const sizes: number[] = [];
  const commit = groupCommit<number, number>(
    async (items) => {
      sizes.push(items.length);
      return items;
    },
    { maxItems: 0 },
  );
  expect(await Promise.all([commit(1), commit(2)])).toEqual([1, 2]);
  expect(sizes).toEqual([1, 1]);
});
