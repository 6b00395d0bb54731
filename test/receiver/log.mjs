import { openSync, writeSync } from 'node:fs';
import { subscribe } from 'node:diagnostics_channel';

/** What the journal tells of a delivery after it was recorded. */
const NOTED = [
  'delivery_started',
  'delivery_completed',
  'delivery_retried',
  'delivery_released',
  'delivery_buried',
  'lease_lost',
];

/** Appends JSON lines to a file: one write each, at its end, whoever else writes to it. */
export function openLog(file) {
  const descriptor = openSync(file, 'a');
  return (line) => {
    writeSync(descriptor, `${JSON.stringify(line)}\n`);
  };
}

/** Writes what becomes of deliveries into the same log: `{ note, key, attempt, pid, at }`. */
export function noteTransitions(write) {
  for (const note of NOTED)
    subscribe(`qbitflow:${note}`, ({ key, attempt, reason }) => {
      write({ note, key, attempt, reason, pid: process.pid, at: Date.now() });
    });
}
