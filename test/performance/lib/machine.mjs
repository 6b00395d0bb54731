// What the figures were measured on: a figure without its machine says nothing.
import { availableParallelism, cpus, platform, release, totalmem } from 'node:os';

/** The machine, as far as it matters for a figure. */
export const machine = () => ({
  processor: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryGib: Math.round(totalmem() / 2 ** 30),
  system: `${platform()} ${release()}`,
});
