// What an acknowledged delivery costs on each host: ours in memory, the route by hand, the usual whole job, and the
// peer libraries on their own hosts.
import { contest } from '../lib/contest.mjs';
import { pairedRatios, spread } from '../lib/statistics.mjs';

const host = (title, id, args, { usual = false } = {}) => [
  { name: `${id} by hand`, host: title, role: 'by hand', file: `hosts/${id}-by-hand`, args },
  ...(usual
    ? [{ name: `${id} usual`, host: title, role: 'usual', file: `hosts/${id}-usual`, args }]
    : []),
  { name: `${id} ours`, host: title, role: 'ours', file: `hosts/${id}-ours`, args },
];
const named = (name, contenders) =>
  contenders.map((one) => ({ ...one, name: one.name.replace(/^\S+/, name) }));
const front = (name, title, args) => ({
  name: `${name} front`,
  host: title,
  role: 'in front',
  file: 'hosts/express-front-ours',
  args,
});
const peer = (name, title, file, sender) => ({
  name,
  host: title,
  role: 'peer',
  file: `peers/${file}`,
  sender,
});

/** The first word of a name is its host: `by hand` and `ours` on it are what others are held against. */
const CONTENDERS = [
  ...host('node:http', 'node', [], { usual: true }),
  ...named('express5', host('Express 5', 'express', ['express'], { usual: true })),
  front('express5', 'Express 5', ['express']),
  ...named('express4', host('Express 4', 'express', ['express4'])),
  front('express4', 'Express 4', ['express4']),
  ...named('koa3', host('Koa 3', 'koa', ['koa'], { usual: true })),
  ...named('koa2', host('Koa 2', 'koa', ['koa2'])),
  ...host('fetch handler', 'fetch', []),
  peer('node @octokit/webhooks', 'node:http', 'octokit', 'github'),
  peer('express5 @octokit/webhooks', 'Express 5', 'octokit-express', 'github'),
  peer('express5 svix', 'Express 5', 'svix', 'standard'),
  peer('express5 standardwebhooks', 'Express 5', 'standardwebhooks', 'standard'),
  peer('express5 stripe', 'Express 5', 'stripe', 'stripe'),
  peer('express5 @polar-sh/sdk', 'Express 5', 'polar', 'polar'),
];

/** A goal is a ratio of processor times; a Node without a figure of its own is held to the nearest one below. */
const GOALS = [
  { of: 'express5 ours', against: 'express5 by hand', atLeast: { 20: 1.15 } },
  { of: 'express5 front', against: 'express5 by hand', atLeast: { 20: 2.7, 24: 1.35 } },
  { of: 'koa3 ours', against: 'koa3 by hand', atLeast: { 20: 0.92 } },
  { of: 'node ours', against: 'node by hand', atLeast: { 20: 0.8, 24: 0.82 } },
  { of: 'express5 ours', against: 'express5 usual', atLeast: { 20: 1.3, 24: 1.4 } },
  ...CONTENDERS.filter(({ role }) => role === 'peer').map(({ name }) => ({
    of: `${name.split(' ')[0]} ours`,
    against: name,
    atLeast: { 20: 1 },
  })),
];

function goalFor({ atLeast }, major) {
  const stated = Object.keys(atLeast).map(Number);
  return atLeast[Math.max(...stated.filter((one) => one <= major))];
}

function summarise(slots, major) {
  const all = (name, figure) => slots.get(name)?.map((one) => one[figure]);
  /** How often the processor time of `of` goes into that of `against`. */
  function ratio(of, against) {
    const [ours, theirs] = [all(of, 'cpuUs'), all(against, 'cpuUs')];
    return ours && theirs ? pairedRatios(theirs, ours) : null;
  }
  function throughput(of, against) {
    const [ours, theirs] = [all(of, 'perSecond'), all(against, 'perSecond')];
    return ours && theirs ? pairedRatios(ours, theirs) : null;
  }
  const contenders = CONTENDERS.filter(({ name }) => slots.has(name)).map((contender) => {
    const byHand = `${contender.name.split(' ')[0]} by hand`;
    return {
      name: contender.name,
      host: contender.host,
      role: contender.role,
      cpuUs: spread(all(contender.name, 'cpuUs')),
      perSecond: spread(all(contender.name, 'perSecond')),
      toByHand: ratio(contender.name, byHand),
      throughputToByHand: throughput(contender.name, byHand),
    };
  });
  const goals = GOALS.flatMap((goal) => {
    const reached = ratio(goal.of, goal.against);
    if (reached === null) return [];
    return [{ of: goal.of, against: goal.against, atLeast: goalFor(goal, major), reached }];
  });
  return { contenders, goals };
}

export const hosts = {
  name: 'hosts',
  title: 'The acknowledgment, host by host',
  contenders: CONTENDERS.map(({ name }) => name),
  async measure({ node, only, quick, rounds, say }) {
    const contenders = CONTENDERS.filter(({ name }) => only === undefined || only(name));
    const slots = await contest({
      contenders,
      node,
      rounds: rounds ?? (quick ? 3 : 9),
      perSlot: quick ? 1_000 : 3_000,
      warmUps: quick ? 1_500 : 8_000,
      say,
    });
    return summarise(slots, node.major);
  },
};
