// Medians and quartiles: a figure of the benchmark is the middle of its rounds, with how far half of them lie apart.

/** The value below which `share` of `values` lies, between neighbours where it falls between them. */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}

/** @returns {{ q1: number, median: number, q3: number }} */
export const spread = (values) => ({
  q1: quantile(values, 0.25),
  median: quantile(values, 0.5),
  q3: quantile(values, 0.75),
});

/** Ratios are taken round by round, so that a machine that slows down in between does not bend them. */
export const pairedRatios = (above, below) =>
  spread(above.map((value, round) => value / below[round]));
