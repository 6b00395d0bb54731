import { notesIn, successesIn } from './log.mjs';

/** What a run is described by. */
export async function figuresOf({ arena, tally, fleet, lines, events }) {
  const { due, running, dead } = await arena.store.stats();
  const { answers, duplicates, longestGapMs } = tally.figures();
  const successes = successesIn(lines);
  const handled = new Set(successes.map(({ key }) => key)).size;
  return {
    events: events.length,
    deliveries: Object.values(answers).reduce((sum, count) => sum + count, 0),
    answers,
    kills: fleet.kills.length,
    'duplicates suppressed': duplicates,
    'longest gap (ms)': longestGapMs,
    'handled again after a kill': successes.length - handled,
    'most attempts at one': Math.max(0, ...successes.map(({ attempt }) => attempt)),
    'leases lost': notesIn(lines, 'lease_lost').length,
    dead,
    left: due + running,
  };
}
