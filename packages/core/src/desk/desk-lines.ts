import type { LogLines } from '../diagnostics.js';

/** Why the desk let someone not in. */
const DESK_REFUSALS: Readonly<Record<string, string>> = {
  authorize: 'a request for the desk was refused by authorize',
  proxied:
    'the desk was asked for through a proxy, and was mounted without authorize: it answers to this machine alone, and behind a proxy every client looks like that; give deliveriesDesk an authorize',
  remote:
    'the desk was asked for from another machine, and was mounted without authorize: give deliveriesDesk an authorize',
  host: 'the desk was asked for under another name than localhost, and was mounted without authorize: give deliveriesDesk an authorize',
};

/** Every line of the desk and of the metrics. */
export const DESK_LINES = {
  desk_action_asked: [
    'info',
    'an operator asked for an action at the desk: it begins after the undo window',
  ],
  desk_action: ['info', 'an action that an operator asked for at the desk was done'],
  desk_action_undone: ['info', 'an operator undid an action at the desk before it began'],
  desk_action_failed: ['error', 'an action that an operator asked for at the desk failed'],
  desk_revealed: ['info', 'an operator had the personal data of a delivery shown at the desk'],
  desk_refused: [
    'warn',
    ({ why }) => DESK_REFUSALS[String(why)] ?? 'a request for the desk was refused',
  ],
  desk_forged: [
    'warn',
    'a form at the desk came from elsewhere, or its token was too old: nothing was done',
  ],
  desk_authorize_failed: [
    'error',
    ({ err }) =>
      `the desk's authorize ${err === undefined ? 'gave no answer' : 'failed'}: the operator was not let in`,
  ],
  desk_note_failed: ['warn', 'the store did not keep a note about an action at the desk'],
  desk_failed: ['error', 'the desk could not show what was asked for'],
  metrics_failed: ['error', 'the store gave no figures for a scrape'],
} as const satisfies LogLines;
