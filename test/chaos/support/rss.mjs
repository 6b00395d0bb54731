import { execFileSync } from 'node:child_process';

/** Resident memory of a process, in MiB. */
export function rssOf(pid) {
  const kib = execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Number(kib) / 1024;
}
