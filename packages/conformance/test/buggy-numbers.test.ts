import {
  addsStarts,
  countsWhateverItIsTold,
  leasesForEver,
  rejectsInItsOwnWords,
  takesBackOneStart,
  takesMinusOneForAll,
  waitsForEver,
} from './buggy-numbers.js';
import { narrowBugs, wideBugs } from './support/bug-tests.js';

narrowBugs([
  [
    countsWhateverItIsTold,
    [
      'odd numbers: a start of NaN spoils no count',
      'odd numbers: a start of Infinity spoils no count',
      'odd numbers: a start of -1 spoils no count',
      'odd numbers: a start of 1.5 spoils no count',
    ],
  ],
  [
    addsStarts,
    [
      'extend: a start noted again after a lost answer counts once',
      'extend: a start noted many times at once counts once',
      'retry: uncounted, a first start noted again by its number is taken back',
    ],
  ],
  [
    takesBackOneStart,
    [
      'lapsedLimit: a lapsed one that was handed back counts as lapsed',
      'retry: uncounted, starts of earlier takings stay',
      'retry: uncounted, a lapsed lease handed back is still remembered as lapsed',
    ],
  ],
  [
    rejectsInItsOwnWords,
    [
      'odd numbers: a retry after NaN ms loses nothing',
      'odd numbers: a retry after Infinity ms loses nothing',
      'odd numbers: a retry after -Infinity ms loses nothing',
      'odd numbers: a retry after -5 ms loses nothing',
      'odd numbers: a retry after undefined ms loses nothing',
    ],
  ],
  [takesMinusOneForAll, ['odd numbers: a limit of 0 or less takes, settles and prunes nothing']],
]);

wideBugs([
  [
    waitsForEver,
    [
      'odd numbers: a retry after NaN ms loses nothing',
      'odd numbers: a retry after Infinity ms loses nothing',
      'odd numbers: a retry after 10000000000000000 ms loses nothing',
      'odd numbers: a retry after 1e+300 ms loses nothing',
      'odd numbers: a retry after undefined ms loses nothing',
      'clock stepped back an hour: what was handed back is taken at once',
    ],
  ],
  [
    leasesForEver,
    [
      'takeDue: of twenty takers at once no two get the same delivery',
      'takeDue by type: takers of different types at once get each delivery once',
      'takeDue by subject: takers at once get one a subject each, and each delivery once',
      'lease: of many takers at once one gets what lapsed',
      'odd numbers: a lease of NaN ms loses nothing',
      'odd numbers: a lease of Infinity ms loses nothing',
    ],
  ],
]);
