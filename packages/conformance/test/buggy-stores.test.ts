import { expect, test } from 'vitest';
import {
  agesRetriesThatWait,
  answersABurstAsOne,
  countsLapsedStarts,
  countsWhatIsHandedBack,
  discardsTheLiving,
  foldsCase,
  forgetsLeaseExpiry,
  givesOneDeliveryToTwoTakers,
  ignoresTokens,
  keepsBodiesAsText,
  lapsesTooEarly,
  listsTheOldestFirst,
  neverFinishesAttempts,
  overwritesProgress,
  overwritesWithTheDuplicate,
  prunesTheDead,
  prunesTooEarly,
  recordsTwice,
  refusesOddReasons,
  renewsNothing,
  replaysInNameOnly,
  retriesAtOnce,
  skipsBetweenPages,
  takesTheNewestFirst,
} from './buggy-stores.js';
import { narrowBugs, TIMEOUT_MS, wideBugs } from './support/bug-tests.js';
import { failingCases } from './support/failing-cases.js';

test.concurrent(
  'a correct store fails nothing',
  async () => {
    expect(await failingCases((store) => store)).toEqual([]);
  },
  TIMEOUT_MS,
);

narrowBugs([
  [
    agesRetriesThatWait,
    ['stats: a retry that still waits, running ones and dead letters have no age'],
  ],
  [
    answersABurstAsOne,
    [
      'record: of fifty records of one key at once one is first',
      'record: in a burst with duplicates every record gets its own answer',
      'record and take: in a burst every record gets its own answer, and every claim its own delivery',
      'record and take: of one key recorded at once by fifty one at most takes it',
      'unhandled: in a burst with others each is what it should be',
      'duplicates: at once with a taking record each is counted',
      'tombstones: in a burst with them every record gets its own answer',
      'keepKeysMs: forgets up to the limit and tells how many',
    ],
  ],
  [
    countsLapsedStarts,
    [
      'record and take: once its lease has lapsed anybody may take it, and the first claim is lost',
      'lease: what lapsed is taken again, by a new token, its start not counted again',
      'lapsedLimit: a lapsed one that was handed back counts as lapsed',
      'extend: counts a start when asked, and only then',
      'extend: a noted start is renewed like others and not counted by a renewal',
      'retry: uncounted, a start noted twice is taken back once',
      'retry: uncounted, a lapsed lease handed back is still remembered as lapsed',
      'retry: uncounted, a start counted by extend is taken back too',
    ],
  ],
  [
    countsWhatIsHandedBack,
    [
      'record and take: handed back uncounted it is due at once as if it had not been taken',
      'lapsedLimit: a lapsed one that was handed back counts as lapsed',
      'retry: uncounted, a start noted twice is taken back once',
      'retry: uncounted, a first start noted again by its number is taken back',
      'retry: uncounted, starts of earlier takings stay',
      'retry: uncounted, it is as if it had not been taken',
      'retry: uncounted, a lapsed lease handed back is still remembered as lapsed',
      'retry: uncounted, a start counted by extend is taken back too',
    ],
  ],
  [
    discardsTheLiving,
    [
      'replay and discard: what is not theirs stays as it is',
      'unhandled: recorded as done, with its reason, and taken by nobody',
      'pruned meanwhile: discarded by several at once, duplicates are known all the same',
    ],
  ],
  [
    foldsCase,
    [
      'odd texts: keys of any printable ASCII up to 512 characters are kept apart',
      'odd texts: replay and discard reach no other key',
      'odd texts: a key that was pruned or discarded stands for no other',
      'odd texts: filters match whole texts literally',
    ],
  ],
  [
    givesOneDeliveryToTwoTakers,
    [
      'takeDue: of twenty takers at once no two get the same delivery',
      'takeDue by type: takers of different types at once get each delivery once',
      'takeDue by subject: takers at once get one a subject each, and each delivery once',
      'lease: of many takers at once one gets what lapsed',
    ],
  ],
  [
    keepsBodiesAsText,
    [
      'contents: every byte value comes back as it went in',
      'contents: a body of 1 MiB comes back whole',
      'contents: a body that is a part of a larger buffer is kept alone',
      'contents: body and headers of what is done stay readable',
      'later webhook: completes what a look recorded while that is due',
      'later webhook: completes what a look recorded while that is running',
      'later webhook: completes what a look recorded while that is dead',
      'later webhook: completes what a look recorded while that is done',
      'later webhook: the first one wins, of ten at once too',
      'later webhook: at once with the look, takers get its body whichever was first',
      'later webhook: retries and other takers get its body too',
      'later webhook: an empty and a large body are kept as they are',
      'unhandled: a replay hands it to a handler, and it is unhandled no more',
      'settleUnhandled: a replay hands it to a handler, its body whole',
    ],
  ],
  [
    listsTheOldestFirst,
    [
      'list: newest first, a page at a time, no cursor after the last',
      'reference: of several deliveries all are found, newest first, page by page and with other filters',
      'time range: at or after the one, before the other',
      'time range: ends that lie far away leave nothing out, or everything',
      'error search: by a part of the last error, whatever the case of its letters',
    ],
  ],
  [
    overwritesWithTheDuplicate,
    [
      'record: a duplicate changes nothing of what came first',
      'later webhook: completes what a look recorded while that is due',
      'later webhook: completes what a look recorded while that is running',
      'later webhook: completes what a look recorded while that is dead',
      'later webhook: completes what a look recorded while that is done',
      'later webhook: the first one wins, of ten at once too',
      'later webhook: at once with the look, takers get its body whichever was first',
      'later webhook: what a webhook recorded is never completed',
    ],
  ],
  [
    prunesTheDead,
    [
      'prune: drops what is done, up to the limit, and nothing else',
      'keepKeysMs: what still has its body keeps its key',
      'keepKeysMs: in one go with the bodies, both are counted and the dead stay',
      'clock stepped back an hour: keys stay known, and what is done stays',
    ],
  ],
  [
    recordsTwice,
    [
      'record: of fifty records of one key at once one is first',
      'record: in a burst with duplicates every record gets its own answer',
      'record and take: in a burst every record gets its own answer, and every claim its own delivery',
      'record and take: of one key recorded at once by fifty one at most takes it',
      'unhandled: in a burst with others each is what it should be',
      'duplicates: at once with a taking record each is counted',
    ],
  ],
  [refusesOddReasons, ['odd texts: a reason of any characters never stops a delivery']],
  [
    renewsNothing,
    [
      'lease: one that lapsed and was not taken again can still be renewed and completed',
      "lapsedLimit: one that was passed over can still be renewed, and is nobody else's then",
      'extend: a renewed lease holds',
      'extend: a noted start is renewed like others and not counted by a renewal',
      'retry: uncounted, starts of earlier takings stay',
      'holder: until when it is held, and longer once the lease is renewed',
      'odd numbers: a lease of NaN ms loses nothing',
      'odd numbers: a lease of Infinity ms loses nothing',
      'odd numbers: a lease of -Infinity ms loses nothing',
      'odd numbers: a lease of -5 ms loses nothing',
      'odd numbers: a lease of 10000000000000000 ms loses nothing',
      'odd numbers: a lease of 1e+300 ms loses nothing',
      'odd numbers: a lease of undefined ms loses nothing',
    ],
  ],
]);

wideBugs([
  [
    forgetsLeaseExpiry,
    [
      'lease: what lapsed is taken again, by a new token, its start not counted again',
      'lease: of many takers at once one gets what lapsed',
      'stale claim: complete is refused while another worker has the delivery',
    ],
  ],
  [
    ignoresTokens,
    [
      'complete: of many at once each gets its own answer',
      'stale claim: extend is refused while another worker has the delivery',
      'stale claim: complete is refused while another worker has the delivery',
      'stale claim: retry is refused while another worker has the delivery',
      'stale claim: bury is refused while another worker has the delivery',
      "stale claim: complete is refused for another key's token, no token and an unknown key",
    ],
  ],
  [lapsesTooEarly, ['takeDue: nothing is taken twice while its lease holds']],
  [
    neverFinishesAttempts,
    [
      'complete: done for good, the attempt finished',
      'retry: due again after its delay, the attempt finished',
      'bury: dead with its reason, and taken by nobody',
    ],
  ],
  [
    overwritesProgress,
    [
      'extend: remembers handlers that succeeded, each once, past a lapsed lease',
      'retry: what succeeded accumulates over the attempts',
      'replay: due now, both counters at zero, successes remembered',
    ],
  ],
  [prunesTooEarly, ['prune: keeps what has not been done for long enough']],
  [
    replaysInNameOnly,
    [
      'replay: due now, both counters at zero, successes remembered',
      'replay: of ten at once one says so',
    ],
  ],
  [retriesAtOnce, ['retry: not taken before its delay']],
  [skipsBetweenPages, ['list: pages of a burst have no gaps and no doubles']],
  [
    takesTheNewestFirst,
    ['takeDue: the oldest first, no more than asked for', 'retry: due in the order of their times'],
  ],
]);
