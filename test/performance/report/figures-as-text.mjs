// Figures as the tables write them: no more digits than they are worth.

/** Three digits. */
export function number(value) {
  if (value >= 1000) return Math.round(value).toLocaleString('en');
  if (value >= 100) return value.toFixed(0);
  if (value >= 10) return value.toFixed(1);
  return value.toFixed(2);
}

/** The median of a spread. */
export const middle = (spread) =>
  spread === null || spread === undefined ? '' : number(spread.median);

/** A ratio with its quartiles. */
export const ratio = (spread) =>
  spread === null || spread === undefined
    ? ''
    : `${spread.median.toFixed(2)} (${spread.q1.toFixed(2)}–${spread.q3.toFixed(2)})`;

/** `node24` as people say it. */
export const nodeName = (name) => name.replace('node', 'Node ');

/** Nodes in the order of their numbers. */
export const nodesOf = (byNode) =>
  Object.keys(byNode).toSorted((one, other) => Number(one.slice(4)) - Number(other.slice(4)));

/** Whether a goal is reached, in words that a reader sees at a glance. */
export const verdict = (isReached) => (isReached ? 'reached' : '**behind**');
