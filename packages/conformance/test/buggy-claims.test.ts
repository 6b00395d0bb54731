import { expect, test } from 'vitest';
import {
  acceptsAnyToken,
  claimsAgainForWhomItKnows,
  claimsForEver,
  claimsTwice,
  forgetsDoneKeys,
  refusesToBeAskedTwice,
  reusesTokens,
} from './buggy-claims.js';
import { failingClaims } from './support/failing-cases.js';

test.concurrent('a correct store fails nothing', async () => {
  expect(await failingClaims((store) => store)).toEqual([]);
});

const BUGS = [
  [
    claimsTwice,
    [
      'claim: of fifty at once one is claimed',
      'claim: every claim has a token of its own',
      'odd texts: keys of any printable ASCII up to 512 characters are kept apart',
      'lease: of many claims of a lapsed key one is claimed',
    ],
  ],
  [
    acceptsAnyToken,
    [
      'release: the key can be claimed again, by a new token',
      "complete and release: refused for another key's token, no token and an unknown key",
      'stale claim: complete is refused and changes nothing',
      'stale claim: release is refused and changes nothing',
      'lost answer: releasing again frees nobody else',
    ],
  ],
  [
    claimsForEver,
    [
      'lease: once lapsed the key can be claimed, by a new token',
      'lease: of many claims of a lapsed key one is claimed',
      'stale claim: complete is refused and changes nothing',
      'stale claim: release is refused and changes nothing',
      'lost answer: once its lease has lapsed the claim is given afresh',
    ],
  ],
  [
    forgetsDoneKeys,
    [
      'complete: done for good, past the lease too',
      'complete: what is done cannot be released',
      'odd texts: keys of any printable ASCII up to 512 characters are kept apart',
      'stale claim: release is refused and changes nothing',
      'lost answer: once its lease has lapsed the claim is given afresh',
      'lost answer: completing again leaves it done',
      'lost answer: completing many times at once leaves it done',
    ],
  ],
  [
    reusesTokens,
    [
      'claim: every claim has a token of its own',
      'release: the key can be claimed again, by a new token',
      "complete and release: refused for another key's token, no token and an unknown key",
      'lease: once lapsed the key can be claimed, by a new token',
      'stale claim: complete is refused and changes nothing',
      'stale claim: release is refused and changes nothing',
      'lost answer: releasing again frees nobody else',
    ],
  ],
  [
    claimsAgainForWhomItKnows,
    [
      'claim: a fresh key is claimed once, then running',
      'claim: of fifty at once one is claimed',
      'release: the key can be claimed again, by a new token',
      "complete and release: refused for another key's token, no token and an unknown key",
      'lease: while it holds nobody else claims the key',
      'lease: once lapsed the key can be claimed, by a new token',
      'lease: of many claims of a lapsed key one is claimed',
      'stale claim: complete is refused and changes nothing',
      'stale claim: release is refused and changes nothing',
      'lost answer: a claim is not given again while its lease holds, to nobody',
      'lost answer: once its lease has lapsed the claim is given afresh',
      'lost answer: releasing again frees nobody else',
    ],
  ],
  [
    refusesToBeAskedTwice,
    [
      'complete: what is done cannot be released',
      'release: the key can be claimed again, by a new token',
      "complete and release: refused for another key's token, no token and an unknown key",
      'lost answer: completing again leaves it done',
      'lost answer: completing many times at once leaves it done',
      'lost answer: releasing again frees nobody else',
    ],
  ],
] as const;

for (const [spoil, expected] of BUGS)
  test.concurrent(`a store that ${spoil.name} fails there and nowhere else`, async () => {
    expect(await failingClaims(spoil)).toEqual(expected);
  });
