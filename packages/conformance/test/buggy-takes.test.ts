import {
  choosesTheSubjectFirst,
  fillsTheBatchWithLapsedOnes,
  foldsTypes,
  forgetsWhoLapsed,
  givesABatchOfOneSubject,
  ignoresExcludedSubjects,
  ignoresTheLapsedLimit,
  ignoresTypes,
  isDueSinceItCame,
  isDueSinceItCameBack,
  isYoungerThanNew,
  looksThroughAWindow,
  movesToTheEndWhatItPassesOver,
  takesBeforeItChooses,
  takesOneTypeAfterTheOther,
  takesOverAnyType,
  takesWhatWasRenewed,
  trustsItsClock,
} from './buggy-takes.js';
import { narrowBugs, wideBugs } from './support/bug-tests.js';

narrowBugs([
  [isYoungerThanNew, ['clock stepped back an hour: nothing is younger than new']],

  [
    movesToTheEndWhatItPassesOver,
    [
      'takeDue by subject: nothing of an excluded one, the oldest of the others first',
      'takeDue by subject: what was passed over is as old as before',
    ],
  ],
  [
    takesWhatWasRenewed,
    [
      'lease: of many takers at once one gets what lapsed',
      "lapsedLimit: one that was passed over can still be renewed, and is nobody else's then",
    ],
  ],
  [
    takesOneTypeAfterTheOther,
    [
      'takeDue by type: only the wanted ones, the oldest first across types',
      'takeDue by type: all but the unwanted ones, the oldest first across types',
      'takeDue by type: only none is nothing, all but none is everything',
    ],
  ],
  [takesOverAnyType, ['takeDue by type: a lapsed lease is taken over by those who want the type']],
  [
    foldsTypes,
    [
      'takeDue by type: types are whole texts, taken literally',
      'settleUnhandled: types are whole texts, taken literally',
    ],
  ],
  [
    looksThroughAWindow,
    [
      'takeDue by type: reached behind 1,200 that nobody wants',
      'takeDue by subject: reached behind sixty of one subject',
      'takeDue by subject: reached behind 1,200 of one subject and 300 of excluded ones',
    ],
  ],
  [
    ignoresTheLapsedLimit,
    [
      'lapsedLimit: none where it is 0, and fresh ones all the same',
      'lapsedLimit: no more of a batch than it says, and all of them in the end',
      'lapsedLimit: fresh ones are reached behind forty lapsed ones',
      'lapsedLimit: a lapsed one that was handed back counts as lapsed',
      "lapsedLimit: one that was passed over can still be renewed, and is nobody else's then",
      'lapsedLimit: one that was passed over can still be let go, and waits then',
    ],
  ],
  [forgetsWhoLapsed, ['lapsedLimit: a lapsed one that was handed back counts as lapsed']],
  [
    fillsTheBatchWithLapsedOnes,
    [
      'lapsedLimit: fresh ones are reached behind forty lapsed ones',
      "lapsedLimit: one that was passed over can still be renewed, and is nobody else's then",
      'lapsedLimit: one that was passed over can still be let go, and waits then',
    ],
  ],
  [
    isDueSinceItCameBack,
    [
      'record and take: its claim makes it due again, body and counters like any other',
      'dueSince: since it was recorded, over retries, shutdowns and crashes',
    ],
  ],
]);

wideBugs([
  [
    ignoresTypes,
    [
      'takeDue by type: only the wanted ones, the oldest first across types',
      'takeDue by type: all but the unwanted ones, the oldest first across types',
      'takeDue by type: only none is nothing, all but none is everything',
      'takeDue by type: what nobody wanted stays due and untouched for others',
      'takeDue by type: a lapsed lease is taken over by those who want the type',
      'takeDue by type: what is due again is of the same type as before',
    ],
  ],
  [
    takesBeforeItChooses,
    [
      'takeDue by type: what nobody wanted stays due and untouched for others',
      'takeDue by type: takers of different types at once get each delivery once',
      'takeDue by type: reached behind 1,200 that nobody wants',
      'lapsedLimit: counted among what is wanted only',
      'retry: due in the order of their times',
    ],
  ],
  [
    givesABatchOfOneSubject,
    [
      'takeDue by subject: one a subject in a batch, its others in the next ones',
      'takeDue by subject: one in a batch too where one of them had lapsed',
      'takeDue by subject: takers at once get one a subject each, and each delivery once',
      'takeDue by subject: reached behind sixty of one subject',
      'lapsedLimit: no more of a batch than it says, and all of them in the end',
      'lapsedLimit: fresh ones are reached behind forty lapsed ones',
    ],
  ],
  [
    ignoresExcludedSubjects,
    [
      'takeDue by subject: nothing of an excluded one, the oldest of the others first',
      'takeDue by subject: a lapsed lease of an excluded one is not taken over',
      'takeDue by subject: subjects are whole texts, taken literally',
      'takeDue by subject: reached behind sixty of one subject',
      'takeDue by subject: reached behind 1,200 of one subject and 300 of excluded ones',
      'lapsedLimit: counted among what is wanted only',
    ],
  ],
  [
    choosesTheSubjectFirst,
    [
      'takeDue by subject: one a subject in a batch, its others in the next ones',
      'takeDue by subject: nothing of an excluded one, the oldest of the others first',
      'takeDue by subject: one in a batch too where one of them had lapsed',
      'takeDue by subject: what may not be taken itself keeps none of its subject away',
      'takeDue by subject: takers at once get one a subject each, and each delivery once',
      'takeDue by subject: reached behind sixty of one subject',
    ],
  ],
  [
    isDueSinceItCame,
    [
      'dueSince: since its replay where it was dead',
      'dueSince: since its replay where it was done',
    ],
  ],
  [
    trustsItsClock,
    [
      'clock stepped back an hour: what was recorded is taken at once',
      'clock stepped back an hour: what was replayed is taken at once',
      'clock stepped back an hour: what was handed back is taken at once',
      'clock stepped back an hour: a retry without a delay is taken at once',
      'clock stepped back an hour: what came before and after it is all taken',
    ],
  ],
]);
