import {
  countsKeysFromPruning,
  countsKeysFromRecording,
  countsTombstones,
  discardsInTwoSteps,
  forgetsDiscardedKeys,
  forgetsKeysWithBodies,
  forgetsPrunedKeys,
  isBornWhenAsked,
  keepsKeysAsLongAsBodies,
  knowsEverything,
  knowsSinceItLastForgot,
  neverForgetsKeys,
  overflows,
  prunesInTwoSteps,
  replaysTombstones,
  replaysWhatWasPruned,
} from './buggy-keys.js';
import { narrowBugs, wideBugs } from './support/bug-tests.js';

narrowBugs([
  [
    forgetsDiscardedKeys,
    [
      'odd texts: a key that was pruned or discarded stands for no other',
      'duplicates: a tombstone counts none and stays what it is',
      'tombstones: discard leaves one',
      'keepKeysMs: so is one that was discarded',
      'pruned meanwhile: discarded by several at once, duplicates are known all the same',
      'knownSince: since a discarded key was discarded, once that is forgotten',
    ],
  ],
  [
    replaysTombstones,
    [
      'replay of what is done: not pruned while it is due, and pruned when it is done again',
      'tombstones: can neither be replayed nor discarded',
      'tombstones: discard leaves one',
    ],
  ],
  [prunesInTwoSteps, ['pruned meanwhile: duplicates are known before, during and after']],
  [
    discardsInTwoSteps,
    ['pruned meanwhile: discarded by several at once, duplicates are known all the same'],
  ],
  [
    forgetsKeysWithBodies,
    [
      'keepKeysMs: what still has its body keeps its key',
      'keepKeysMs: in one go with the bodies, both are counted and the dead stay',
      'odd numbers: a limit of 0 or less takes, settles and prunes nothing',
    ],
  ],
  [
    overflows,
    [
      'prune: a time that never comes drops nothing',
      'keepKeysMs: keys are kept for ever unless it says otherwise',
    ],
  ],
]);

wideBugs([
  [countsKeysFromRecording, ['knownSince: whatever was done after it is known']],
  [replaysWhatWasPruned, ['pruned meanwhile: what is replayed is either due or was pruned before']],

  [
    forgetsPrunedKeys,
    [
      'later webhook: to a tombstone it adds nothing',
      'odd texts: a key that was pruned or discarded stands for no other',
      'unhandled: pruned like everything that is done',
      'tombstones: a pruned key stays known, whatever comes with it',
      'tombstones: get, list, stats and takers see nothing of them',
      'tombstones: can neither be replayed nor discarded',
    ],
  ],
  [
    countsTombstones,
    [
      'stats: counts every state',
      'prune: drops what is done, up to the limit, and nothing else',
      'tombstones: a pruned key stays known, whatever comes with it',
      'tombstones: get, list, stats and takers see nothing of them',
      'tombstones: can neither be replayed nor discarded',
      'tombstones: discard leaves one',
    ],
  ],
  [
    neverForgetsKeys,
    [
      'keepKeysMs: an older key is forgotten and can be recorded again',
      'keepKeysMs: so is one that was discarded',
      'keepKeysMs: counts from when it was done, not from when it was pruned',
      'keepKeysMs: forgets up to the limit and tells how many',
      'keepKeysMs: in one go with the bodies, both are counted and the dead stay',
      'knownSince: since a discarded key was discarded, once that is forgotten',
    ],
  ],
  [
    keepsKeysAsLongAsBodies,
    [
      'prune: drops what is done, up to the limit, and nothing else',
      'tombstones: discard leaves one',
      'keepKeysMs: keys are kept for ever unless it says otherwise',
      'keepKeysMs: a younger key is kept',
      'pruned meanwhile: duplicates are known before, during and after',
      'knownSince: stays where it is while no key is forgotten',
    ],
  ],
  [
    countsKeysFromPruning,
    ['keepKeysMs: counts from when it was done, not from when it was pruned'],
  ],
  [
    knowsEverything,
    [
      'knownSince: since a discarded key was discarded, once that is forgotten',
      'knownSince: whatever was done after it is known',
    ],
  ],
  [knowsSinceItLastForgot, ['knownSince: since the newest key that was forgotten was done']],
  [
    isBornWhenAsked,
    ['knownSince: since the store was made, also where nobody asked before the first record'],
  ],
]);
