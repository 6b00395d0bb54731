// The figures as a table for people; `--json` prints the same object for programs.
import { byHandOf, goalFor, goals } from './contenders.mjs';

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Ratios are taken round by round, so that a machine that slows down in between does not bend them. */
function ratio(rates, name, against) {
  if (!rates.has(name) || !rates.has(against)) return null;
  const others = rates.get(against);
  return median(rates.get(name).map((rate, round) => rate / others[round]));
}

/** @param {Map<string, number[]>} rates requests a second, one figure a round */
export function summarise(rates) {
  const major = Number(process.versions.node.split('.')[0]);
  return {
    node: process.versions.node,
    contenders: [...rates.keys()].map((name) => ({
      name,
      perSecond: Math.round(median(rates.get(name))),
      toByHand: ratio(rates, name, byHandOf(name)),
    })),
    goals: goals.flatMap((goal) => {
      const reached = ratio(rates, goal.name, goal.against);
      return reached === null ? [] : [{ ...goal, atLeast: goalFor(goal, major), reached }];
    }),
  };
}

/** The summary as text. */
export function table({ node, contenders, goals: held }) {
  const figure = (value) => (value === null ? '' : value.toFixed(2));
  const lines = contenders.map(
    ({ name, perSecond, toByHand }) =>
      `${name.padEnd(20)}${String(perSecond).padStart(8)}${figure(toByHand).padStart(16)}`,
  );
  const promises = held.map(
    ({ name, against, atLeast, reached }) =>
      `${`${name} / ${against}`.padEnd(38)}${figure(reached).padStart(6)}` +
      `   goal ≥ ${figure(atLeast)}${reached >= atLeast ? '' : '   short of it'}`,
  );
  return [
    '',
    `Node ${node}`,
    `${''.padEnd(20)}${'req/s'.padStart(8)}${'of its by-hand'.padStart(16)}`,
    ...lines,
    ...(promises.length > 0 ? ['', ...promises] : []),
  ].join('\n');
}
