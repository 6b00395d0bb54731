// What is tried on the shop. A scenario is a file of its own:
//   name      for --only
//   title     heading of its table
//   measure   ({ kit }) => rows, each { what, figures }; `kit` is the folder of a built checkout. A figure's name ends in
//             Ms, MiB or PerSecond, which is its unit. Every row takes a shop of its own, or says why not.
import { forgeryCost } from './forgery-cost.mjs';
import { largeForgeries } from './large-forgeries.mjs';
import { madeUpIds } from './made-up-ids.mjs';
import { remoteChecks } from './remote-checks.mjs';
import { streamCrowd, streamFlood } from './streams.mjs';
import { unfinishedBodies } from './unfinished-bodies.mjs';

export const scenarios = [
  forgeryCost,
  unfinishedBodies,
  largeForgeries,
  madeUpIds,
  remoteChecks,
  streamFlood,
  streamCrowd,
];
