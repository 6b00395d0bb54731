import { runtimePath } from '../../scripts/runtimes.mjs';

/** The binary of a runtime; nothing where it was not fetched. On a build machine that is the failure. */
export function binaryOf(name: string): string | undefined {
  const path = runtimePath(name);
  const message = `${name} was not fetched (npm test does it): what concerns it is not tested`;
  if (path === undefined && process.env['CI'] === 'true') throw new Error(message);
  if (path === undefined) process.stderr.write(`\nSKIPPED: ${message}\n\n`);
  return path;
}
