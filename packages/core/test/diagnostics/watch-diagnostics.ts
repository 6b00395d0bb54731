import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { onTestFinished } from 'vitest';

export const CODES = [
  'delivery_received',
  'delivery_recorded',
  'delivery_duplicate',
  'delivery_refused',
  'delivery_started',
  'delivery_completed',
  'delivery_retried',
  'delivery_released',
  'delivery_buried',
  'lease_lost',
] as const;

/** What the channels say until the test has finished; of some codes only, where they are given. */
export function watchDiagnostics(codes: readonly string[] = CODES): unknown[] {
  const messages: unknown[] = [];
  const note = (message: unknown): void => {
    messages.push(message);
  };
  for (const code of codes) subscribe(`qbitflow:${code}`, note);
  onTestFinished(() => {
    for (const code of codes) unsubscribe(`qbitflow:${code}`, note);
  });
  return messages;
}
