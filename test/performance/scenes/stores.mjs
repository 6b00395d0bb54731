// What a kept delivery costs: ours on each store, one insert a request by hand, and job queues as an inbox, all behind
// the same node:http, from the request to the end of its handler.
import { contest } from '../lib/contest.mjs';
import { pairedRatios, spread } from '../lib/statistics.mjs';

const ours = (store) => ({
  name: `ours ${store}`,
  role: 'ours',
  file: 'inboxes/ours',
  args: [store],
});
const byHand = (store) => ({
  name: `insert ${store}`,
  role: 'one insert by hand',
  file: `inboxes/${store}-insert`,
});
const queue = (name) => ({ name, role: 'queue', file: `inboxes/${name}` });

const CONTENDERS = [
  ours('memory'),
  ours('postgres'),
  ours('redis'),
  ours('sqlite'),
  byHand('postgres'),
  byHand('redis'),
  byHand('sqlite'),
  queue('pg-boss'),
  queue('graphile-worker'),
  queue('bullmq'),
];

/** A goal is a ratio of processor times, until handled. */
const GOALS = [
  { of: 'ours postgres', against: 'ours memory', atLeast: 0.8 },
  { of: 'ours redis', against: 'ours memory', atLeast: 0.9 },
  { of: 'ours sqlite', against: 'ours memory', atLeast: 0.7 },
  { of: 'ours postgres', against: 'pg-boss', atLeast: 1 },
  { of: 'ours postgres', against: 'graphile-worker', atLeast: 1 },
  { of: 'ours redis', against: 'bullmq', atLeast: 1 },
];

const MAY_WAIT = 300;

function summarise(slots) {
  const all = (name, figure) => slots.get(name)?.map((one) => one[figure]);
  const contenders = CONTENDERS.filter(({ name }) => slots.has(name)).map(({ name, role }) => {
    const waiting = all(name, 'waiting');
    const memory = slots.has('ours memory') ? 'ours memory' : name;
    return {
      name,
      role,
      cpuUs: spread(all(name, 'cpuUs')),
      ackedPerSecond: spread(all(name, 'ackedPerSecond')),
      perSecond: spread(all(name, 'perSecond')),
      waiting: waiting.includes(null) ? null : spread(waiting),
      toMemory: pairedRatios(all(memory, 'cpuUs'), all(name, 'cpuUs')),
      throughputToMemory: pairedRatios(all(name, 'perSecond'), all(memory, 'perSecond')),
    };
  });
  const ratios = GOALS.flatMap(({ of, against, atLeast }) => {
    const [own, other] = [slots.get(of), slots.get(against)];
    if (!own || !other) return [];
    const reached = pairedRatios(all(against, 'cpuUs'), all(of, 'cpuUs'));
    const throughput = pairedRatios(all(of, 'perSecond'), all(against, 'perSecond'));
    return [{ of, against, atLeast, reached, throughput }];
  });
  const backlogs = contenders
    .filter(({ role, waiting }) => role === 'ours' && waiting !== null)
    .map(({ name, waiting }) => ({ of: name, atMost: MAY_WAIT, reached: waiting }));
  return { contenders, goals: ratios, backlogs };
}

export const stores = {
  name: 'stores',
  title: 'Kept and handled, store by store',
  contenders: CONTENDERS.map(({ name }) => name),
  async measure({ node, only, quick, rounds, say, databases }) {
    const contenders = CONTENDERS.filter(({ name }) => only === undefined || only(name)).map(
      (contender) => ({ ...contender, env: databases.space() }),
    );
    const slots = await contest({
      contenders,
      node,
      rounds: rounds ?? (quick ? 3 : 7),
      perSlot: 3_000,
      warmUps: quick ? 1_500 : 3_000,
      say,
    });
    return summarise(slots);
  },
};
