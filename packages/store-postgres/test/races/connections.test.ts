import { expect, test } from 'vitest';
import { LEASE, none, payment, takeOne } from '../support/deliveries.js';
import { describeOnPostgres } from '../support/postgres.js';

await describeOnPostgres('several connections at once', (database) => {
  const open = () => Array.from({ length: 4 }, () => database.store());

  test('one key recorded a hundred times is recorded once', async () => {
    const stores = open();
    const records = Array.from({ length: 100 }, async (_, index) =>
      stores[index % 4]?.record(payment('popular')),
    );
    const outcomes = await Promise.all(records);
    expect(outcomes.filter((outcome) => outcome?.status === 'recorded')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome?.status === 'duplicate')).toHaveLength(99);
  });

  test('overlapping groups in opposite orders do not deadlock', async () => {
    const names = Array.from({ length: 80 }, (_, index) => `cross-${index}`);
    const orders = [names, names.toReversed(), names, names.toReversed()];
    const outcomes = await Promise.all(
      open().flatMap((store, index) =>
        (orders[index] ?? []).map(async (name) => store.record(payment(name))),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'recorded')).toHaveLength(80);
  });

  test('no two takers get the same delivery', async () => {
    const stores = open();
    const takings = await Promise.all(
      Array.from({ length: 40 }, async (_, index) =>
        stores[index % 4]?.takeDue({ limit: 5, leaseMs: LEASE }),
      ),
    );
    const keys = takings.flatMap((taken) => (taken ?? []).map(({ key }) => key));
    expect(keys).toHaveLength(81);
    expect(new Set(keys).size).toBe(81);
  });

  test('of all transitions raced with one claim, one wins', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [one, two, three, four] = open();
      await one?.record(payment(`raced-${round}`));
      if (!one || !two || !three || !four) throw new Error('four stores');
      const claim = await takeOne(one);
      const outcomes = await Promise.all([
        one.complete(claim, none),
        two.bury(claim, { error: 'x', ...none }),
        three.retry(claim, { delayMs: LEASE, error: 'x', ...none }),
        four.complete(claim, none),
      ]);
      expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1);
    }
  });
});
