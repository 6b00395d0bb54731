// The reference pages leave nothing out: what the kit can send, throw and write is described there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EVENTS_PAGE, eventsPage } from '../../scripts/write-reference.mjs';
import { EVENT_TYPES } from '../../packages/core/src/event/types.js';
import { LINES, STEPS } from '../../packages/core/src/diagnostics.js';
import { CHECKS } from '../../packages/core/src/cli/doctor/finding.js';
import { sourcesOf } from '../packages/tree.js';

const folder = join(import.meta.dirname, '..', '..', 'docs', 'reference');
const page = (name: string): string => readFileSync(join(folder, name), 'utf8');
const headings = (text: string): string[] =>
  [...text.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading.replaceAll('`', ''));

it('the page of events is what scripts/write-reference.mjs writes', () => {
  expect(readFileSync(EVENTS_PAGE, 'utf8')).toBe(eventsPage());
});

it('every event type has its fields there, each with what it means', () => {
  const text = page('events.md');
  expect(headings(text)).toEqual(expect.arrayContaining(Object.keys(EVENT_TYPES)));
  const fields = text.split('\n').filter((line) => line.startsWith('| `') && !line.includes('](#'));
  expect(fields.length).toBeGreaterThan(150);
  expect(fields.filter((line) => line.endsWith('|  |'))).toEqual([]);
});

const errorCodes = (): string[] => {
  const source = sourcesOf('core').find(({ path }) => path.endsWith('src/errors.ts'))?.text ?? '';
  const table = /STATUS_BY_CODE = \{([^}]*)\}/.exec(source)?.[1] ?? '';
  return [...table.matchAll(/(\w+): \d+/g)].map(([, code = '']) => code);
};

it('every error code has a section with its cause and its cure', () => {
  const text = page('errors.md');
  expect(headings(text).toSorted()).toEqual(errorCodes().toSorted());
  for (const section of text.split(/^## /m).slice(1))
    expect(section).toMatch(/\*\*Cause.*\*\*[\s\S]*\*\*Cure.*\*\*/);
});

it('every log line has a section', () => {
  const codes = [...new Set([...Object.keys(STEPS), ...Object.keys(LINES)])];
  expect(headings(page('log-lines.md')).toSorted()).toEqual(codes.toSorted());
});

it('every check of qbitflow doctor has a row in its guide, in their order', () => {
  const guide = readFileSync(join(folder, '..', 'guides', 'doctor.md'), 'utf8');
  const rows = [...guide.matchAll(/^\| `(\w+)` /gm)].map(([, name]) => name);
  expect(rows).toEqual([...CHECKS]);
});
