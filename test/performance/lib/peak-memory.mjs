// The most memory that this process has held.
import { existsSync, readFileSync } from 'node:fs';

const STATUS = '/proc/self/status';

/**
 * Peak of the resident memory in bytes. On Linux it is not taken from `resourceUsage()`: there a child begins with the
 * peak of the process that started it.
 */
export function peakRssBytes() {
  const peak = existsSync(STATUS) && /VmHWM:\s+(\d+) kB/.exec(readFileSync(STATUS, 'utf8'));
  return (peak ? Number(peak[1]) : process.resourceUsage().maxRSS) * 1024;
}
