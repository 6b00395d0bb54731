import { beforeReply } from './before-reply.mjs';
import { diskTrouble } from './disk-trouble.mjs';
import { kill } from './kill.mjs';
import { memory } from './memory.mjs';
import { oversleptLease } from './overslept-lease.mjs';
import { poison } from './poison.mjs';
import { serverStop } from './server-stop.mjs';
import { sigterm } from './sigterm.mjs';

const ALL = ['sqlite', 'redis', 'postgres'];

/** A gap of this length is long past the record timeout, and short enough for a test. */
const SHORT_STOP = { events: 150, forMs: 4_000, downMs: 1_500 };
const FULL_STOP = { events: 1_000, forMs: 12_000, downMs: 3_000 };

/** Every scenario, the stores it is played on, and how it is sized in the tests and in the full form. */
export const scenarios = {
  kill: {
    play: kill,
    kinds: ALL,
    short: { events: 300, kills: 5 },
    full: { events: 2_000, kills: 20 },
  },
  'kill, completeWithin': {
    play: kill,
    kinds: ['postgres'],
    short: { events: 300, kills: 5, within: true },
    full: { events: 2_000, kills: 20, within: true },
  },
  'server stop': {
    play: serverStop,
    kinds: ['redis', 'postgres'],
    short: SHORT_STOP,
    full: FULL_STOP,
  },
  'server stop, completeWithin': {
    play: serverStop,
    kinds: ['postgres'],
    short: { ...SHORT_STOP, within: true },
    full: { ...FULL_STOP, within: true },
  },
  'overslept lease': { play: oversleptLease, kinds: ALL, short: {}, full: {} },
  poison: { play: poison, kinds: ALL, short: { events: 40 }, full: { events: 500 } },
  SIGTERM: { play: sigterm, kinds: ALL, short: { events: 100 }, full: { events: 500 } },
  'disk full': {
    play: diskTrouble,
    kinds: ['sqlite'],
    short: { events: 60, trouble: 'full' },
    full: { events: 500, trouble: 'full' },
  },
  'read-only file': {
    play: diskTrouble,
    kinds: ['sqlite'],
    short: { events: 60, trouble: 'readonly' },
    full: { events: 500, trouble: 'readonly' },
  },
  memory: {
    play: memory,
    kinds: ALL,
    short: { rows: 2_000, bytes: 24_000, allowedMiB: 40 },
    full: { rows: 100_000, bytes: 1_400, allowedMiB: 40 },
  },
  'before-reply': { play: beforeReply, kinds: ALL, short: { events: 24 }, full: { events: 400 } },
};
