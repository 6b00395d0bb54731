import { escapeHtml } from '../escape-html.js';
import type { ReturnOutcome } from './outcome.js';
import type { TextName } from './words/catalogue.js';
import type { Language } from './words/language.js';

/** What stands above the heading: a picture in a 24 × 24 box, its colour, and the word for what it shows. */
export interface Icon {
  readonly tint: 'good' | 'now' | 'warn' | 'bad';
  readonly name: TextName & `icon${string}`;
  readonly paths: string;
}

const CIRCLED_CLOCK = '<circle cx="12" cy="12" r="9.5"/>';

/** The icons, by what they say. */
export const ICONS = {
  paid: { tint: 'good', name: 'iconPaid', paths: '<path d="m5 13 4.5 4.5L19.5 7"/>' },
  waiting: {
    tint: 'now',
    name: 'iconWaiting',
    paths: `${CIRCLED_CLOCK}<path d="M12 6.5V12l3.5 2.5"/>`,
  },
  attention: { tint: 'warn', name: 'iconAttention', paths: '<path d="M12 5v8.5M12 18.5v.01"/>' },
  failed: { tint: 'bad', name: 'iconFailed', paths: '<path d="m6.5 6.5 11 11m0-11-11 11"/>' },
  expired: {
    tint: 'warn',
    name: 'iconExpired',
    paths: `${CIRCLED_CLOCK}<path d="M12 6.5V12l3.5 2.5"/>`,
  },
  unknown: {
    tint: 'warn',
    name: 'iconUnknown',
    paths: '<path d="M8.5 8.5a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.2-1.5 2.3M12 18.5v.01"/>',
  },
} as const satisfies Readonly<Record<string, Icon>>;

/** The icon of an outcome: what happened, at a glance. */
export function iconOf({ state, attemptFailed, trouble }: ReturnOutcome): Icon {
  if (state === 'waiting' && (attemptFailed || trouble !== undefined)) return ICONS.attention;
  return ICONS[state === 'invalid' ? 'unknown' : state];
}

/** An icon as HTML, with its word for who does not see it. */
export function iconHtml({ tint, name, paths }: Icon, language: Language): string {
  const label = escapeHtml(language.say(name));
  return `<svg class="state ${tint}" viewBox="0 0 24 24" role="img" aria-label="${label}">${paths}</svg>`;
}
