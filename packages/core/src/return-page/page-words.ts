import type { ReturnOutcome, ReturnState } from './outcome.js';
import type { PageWords, ReturnOptions } from './return-options.js';
import type { Language } from './words/language.js';

/** What the page says about an outcome, in `language`; `texts` are the merchant's own words. */
export function wordsFor(
  outcome: ReturnOutcome,
  language: Language,
  texts: NonNullable<ReturnOptions['texts']> = {},
): PageWords {
  const usual = OWN_WORDS[outcome.state](outcome, language);
  const { title = usual.title, lines } = texts[outcome.state] ?? {};
  if (lines === undefined) return { title, lines: usual.lines };
  const failed = outcome.attemptFailed ? [language.say('attemptFailedLine')] : [];
  return { title, lines: [...failed, ...lines] };
}

type WordsOf = (outcome: ReturnOutcome, language: Language) => PageWords;

const OWN_WORDS: Readonly<Record<ReturnState, WordsOf>> = {
  paid: paidWords,
  waiting: waitingWords,
  failed: (_, language) => ({
    title: language.say('failedTitle'),
    lines: [language.say('failedLine')],
  }),
  expired: (_, language) => ({
    title: language.say('expiredTitle'),
    lines: [language.say('expiredLine'), language.say('paidAnywayLine')],
  }),
  unknown: (_, language) => ({
    title: language.say('unknownTitle'),
    lines: [language.say('unknownLine')],
  }),
  invalid: (_, language) => ({
    title: language.say('invalidTitle'),
    lines: [language.say('invalidLine')],
  }),
};

/** A subscription's trial begins without a payment. */
function paidWords(outcome: ReturnOutcome, language: Language): PageWords {
  const hasLeft = outcome.page === 'cancel';
  if (isSubscription(outcome)) {
    const line = language.say(hasLeft ? 'subscribedAfterCancelLine' : 'subscribedLine');
    return { title: language.say('subscribedTitle'), lines: [line] };
  }
  return hasLeft
    ? { title: language.say('paidAfterCancelTitle'), lines: [language.say('paidAfterCancelLine')] }
    : { title: language.say('paidTitle'), lines: [language.say('paidLine')] };
}

/** What is waited for and how long that takes; who has something to do is never told that they may go. */
function waitingWords(outcome: ReturnOutcome, language: Language): PageWords {
  const { page, step, attemptFailed, trouble } = outcome;
  if (attemptFailed)
    return {
      title: language.say('attemptFailedTitle'),
      lines: [language.say('attemptFailedLine'), language.say('tellsLine')],
    };
  if (trouble === 'away')
    return {
      title: language.say('apiAwayTitle'),
      lines: [language.say('apiAwayLine'), language.say('checksAgainLine')],
    };
  if (trouble === 'crowded')
    return {
      title: language.say('crowdedTitle'),
      lines: [language.say('crowdedLine'), language.say('checksAgainLine')],
    };

  const title = language.say('waitingTitle');
  const goesOn = language.paragraph([language.say('checksAgainLine'), language.say('closeLine')]);
  if (step === 'customer')
    return page === 'cancel'
      ? { title: language.say('leftTitle'), lines: [language.say('leftLine')] }
      : {
          title,
          lines: [
            language.say('toPayLine'),
            language.paragraph([language.say('tellsLine'), language.say('closeLine')]),
          ],
        };
  if (step === 'sent') return { title, lines: [language.say('sentLine'), goesOn] };
  if (step !== 'confirming') return { title, lines: [language.say('waitingLine'), goesOn] };
  return { title, lines: [language.say('confirmingLine'), goesOn] };
}

/** Whether it is about a subscription: by its id, or where that is bare by what the API tells of it. */
export function isSubscription({ uuid = '', details }: ReturnOutcome): boolean {
  return uuid.startsWith('sub@') || (!uuid.includes('@') && details?.period !== undefined);
}
