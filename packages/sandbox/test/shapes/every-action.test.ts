import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { sessionActions } from '../../src/checkout/session-actions.js';
import { call, openPayment, openSandbox, openSubscription } from '../support/world.js';
import { createJudge } from './judge.js';
import { CONFIRMATION_MS, follow, type Stage } from './walk.js';

const DAY_MS = 86_400_000;
const STEPS = 25;

/** Numbers in [0, 1) that are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

interface Chance {
  readonly one: <Value>(values: readonly Value[]) => Value | undefined;
}

function chanceOf(random: () => number): Chance {
  return { one: (values) => values[Math.floor(random() * values.length)] };
}

/** Something that can be done with a session as it stands, told in any way it can be; or some days pass. */
async function anything({ sandbox }: Stage, uuid: string, chance: Chance): Promise<void> {
  const session = sandbox.sessions.find((known) => known.uuid === uuid);
  const possible = sessionActions.filter(({ applies }) => session && applies(session));
  const action = chance.one([...possible, undefined]);
  if (action === undefined) return sandbox.advance((chance.one([0, 1, 5, 40]) ?? 0) * DAY_MS);
  const input = action.fields.map(({ name, choices }) => [
    name,
    name === 'percent' ? chance.one([0.01, 33.3, 100]) : chance.one(choices ?? []),
  ]);
  const path = `/sandbox/sessions/${encodeURIComponent(uuid)}/${action.name}`;
  const { status, body } = await call(sandbox, `POST ${path}`, Object.fromEntries(input));
  // What is told may not fit as it stands: then it is refused.
  if (status >= 500) throw new Error(`${path}: ${JSON.stringify(body)}`);
}

const bodies = [
  {},
  { frequency: { value: 1, unit: 'weeks' } },
  { trialPeriod: { value: 3, unit: 'days' }, minPeriods: 2, price: 1.2345 },
];

const walks = Array.from({ length: 18 }, (_, seed) => ({
  seed,
  kind: seed % 3 === 0 ? ('payment' as const) : ('subscription' as const),
}));

test.each(walks)(
  "whatever is done with a $kind, every body is QBitFlow's ($seed)",
  async (walk) => {
    const clock = fakeClock();
    const confirmationMs = walk.seed % 2 === 0 ? 0 : CONFIRMATION_MS;
    const sandbox = await openSandbox({ clock, confirmationMs });
    const stage: Stage = { clock, sandbox, judge: createJudge() };
    const chance = chanceOf(seeded(walk.seed + 1));
    const uuid =
      walk.kind === 'payment'
        ? await openPayment(sandbox)
        : await openSubscription(sandbox, { frequency: undefined, ...chance.one(bodies) });
    await follow(stage, uuid, [
      async () => (chance.one([true, true, true, false]) ? sandbox.pay(uuid) : undefined),
      ...Array.from({ length: STEPS }, () => async () => anything(stage, uuid, chance)),
    ]);
    expect(stage.judge.met()).toContain('v2 status');
  },
);
