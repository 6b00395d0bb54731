/** A payload holds 8,000 bytes at most; a subject 512 and a line feed. */
const SUBJECTS_IN_A_PAYLOAD = 15;

/**
 * SQL that notifies of subjects, as few times as they fit. `subjects` is a query with one column of that name;
 * `channel` and `origin` are placeholders. A payload is the origin and then the subjects, each on its line.
 */
export function notifySubjects(subjects: string, channel: string, origin: string): string {
  return `SELECT pg_notify(${channel}::text, ${origin}::text || E'\\n' || string_agg(subject, E'\\n'))
  FROM (SELECT subject, (row_number() OVER () - 1) / ${SUBJECTS_IN_A_PAYLOAD} AS part FROM (${subjects}) s) p GROUP BY part`;
}

/** The store that notified, and what about. */
export interface Notice {
  readonly origin: string;
  readonly subjects: readonly string[];
}

/** Reads a payload; a foreign one has an origin only. */
export function readPayload(payload: string): Notice {
  const [origin = '', ...subjects] = payload.split('\n');
  return { origin, subjects };
}

/** Starts the payload by which a listener tells whether it hears anything. */
export const PROBE = 'probe:';

/** Whether a payload is somebody's probe. */
export const isProbe = (payload: string): boolean => payload.startsWith(PROBE);
