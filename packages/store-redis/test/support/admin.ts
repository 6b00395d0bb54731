import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';

/** A client of the test's own, gone with it. */
export function adminOf(url: string): Redis {
  const admin = new Redis(url);
  onTestFinished(() => admin.disconnect());
  return admin;
}

/** How many commands the server has carried out in scripts and outside, by name; `COUNTED` resets them. */
export async function commandsOf(admin: Redis, work: () => Promise<unknown>): Promise<number> {
  await admin.config('RESETSTAT');
  await work();
  const info = await admin.info('commandstats');
  const calls = [...info.matchAll(/^cmdstat_(?!config|info|eval)[^:]+:calls=(\d+)/gm)];
  return calls.reduce((sum, [, count]) => sum + Number(count), 0);
}
