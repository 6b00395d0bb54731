import { generationNamed } from '../protocol/index.js';
import type { StatusAnswer } from './queries.js';

/** Whether no later answer can differ. */
export function isFinal(answer: StatusAnswer): boolean {
  if (answer.kind !== 'report') return false;
  const { status, generation } = answer.report;
  return generationNamed(generation).finalStatuses.has(status);
}
