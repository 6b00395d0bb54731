import type { StatusAnswer } from './queries.js';

/** Whether no later answer can differ: completed, expired, and on v1 failed and cancelled too. */
export function isFinal(answer: StatusAnswer): boolean {
  if (answer.kind !== 'report') return false;
  const { status, generation } = answer.report;
  if (status === 'completed' || status === 'expired') return true;
  return generation === 'v1' && (status === 'failed' || status === 'cancelled');
}
