/** What senders saw: answers by status, refusals in time, and the longest time without an acknowledgement. */
export function createTally() {
  const answers = new Map();
  const slowest = new Map();
  let duplicates = 0;
  let longestGapMs = 0;
  let lastAcknowledged = performance.now();

  return {
    note({ status, duplicate, tookMs }) {
      answers.set(status, (answers.get(status) ?? 0) + 1);
      slowest.set(status, Math.max(slowest.get(status) ?? 0, tookMs));
      if (status !== 200) return;
      if (duplicate) duplicates += 1;
      const now = performance.now();
      longestGapMs = Math.max(longestGapMs, now - lastAcknowledged);
      lastAcknowledged = now;
    },
    count: (status) => answers.get(status) ?? 0,
    slowestMs: (status) => Math.round(slowest.get(status) ?? 0),
    figures: () => ({
      answers: Object.fromEntries([...answers].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      duplicates,
      longestGapMs: Math.round(longestGapMs),
    }),
  };
}
