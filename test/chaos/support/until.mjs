import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 25;

/** Resolves with the first truthy value of `look`; rejects, naming `what`, after `withinMs`. */
export async function until(what, look, withinMs = 30_000) {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms in vain: ${what}`);
    await sleep(LOOK_EVERY_MS);
  }
}
