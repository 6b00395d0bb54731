// Who runs, and what design promises of whom. A goal is a ratio of throughput in one run.

/** Names of the files in servers/, the hosts' hand-written routes first. */
export const contenders = [
  'node-by-hand',
  'express-by-hand',
  'koa-by-hand',
  'express-usual',
  'node-ours',
  'express-ours',
  'express-front-ours',
  'koa-ours',
];

/** The hand-written route of the same host, which is 1.00 for each contender. */
export const byHandOf = (name) => `${name.split('-')[0]}-by-hand`;

/** `atLeast` by Node major; a major without a figure of its own is held to the nearest one below. */
export const goals = [
  { name: 'express-ours', against: 'express-by-hand', atLeast: { 20: 1.05, 24: 1.25 } },
  { name: 'express-front-ours', against: 'express-by-hand', atLeast: { 20: 2.4, 24: 1.4 } },
  { name: 'koa-ours', against: 'koa-by-hand', atLeast: { 20: 0.92 } },
  { name: 'node-ours', against: 'node-by-hand', atLeast: { 20: 0.75 } },
  { name: 'express-ours', against: 'express-usual', atLeast: { 20: 1.5 } },
];

/** The goal's figure for a Node major. */
export function goalFor(goal, major) {
  const stated = Object.keys(goal.atLeast).map(Number);
  return goal.atLeast[Math.max(...stated.filter((one) => one <= major))];
}
