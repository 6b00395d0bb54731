/** Which rows wait for a taker: those in a lane. */
export const OPEN = "state IN ('due', 'running')";

/**
 * The line an open row stands in, as an expression that an index holds: 0 may be taken at once, whatever the clock
 * says; 2 waits for its time; 4 is running and may be taken when its lease has lapsed. One more where an earlier start
 * never finished. `ready_at` is what `at` was when the row was last put in line at once: a release that does not know
 * it changes `at` alone, and its rows wait for their time.
 */
export const LANE = `(CASE WHEN state = 'running' THEN 4
  ELSE (CASE WHEN ready_at = at THEN 0 ELSE 2 END) + (CASE WHEN started > finished THEN 1 ELSE 0 END) END)`;

/** Lanes whose rows were begun before and never finished. */
export const SUSPECT_LANES = [1, 3, 4] as const;
