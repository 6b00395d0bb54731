// The reference pages leave nothing out: what the kit can send, throw and write is described there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createQBitFlow, QBitFlowError, type ErrorCode } from '@qbitflow/core';
import { expect, it } from 'vitest';
import { EVENTS_PAGE, eventsPage } from '../../scripts/write-reference.mjs';
import { EVENT_TYPES } from '../../packages/core/src/event/types.js';
import { ASKING_LINES } from '../../packages/core/src/asking-lines.js';
import { DESK_LINES } from '../../packages/core/src/desk/desk-lines.js';
import { LINES, STEPS } from '../../packages/core/src/diagnostics.js';
import { CHECKS } from '../../packages/core/src/cli/doctor/finding.js';
import { packageNames, root, sourcesOf } from '../packages/tree.js';

const folder = join(root, 'docs', 'reference');
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

/** What is written of errors that are none of the kit's, by where they were thrown. */
const stages = (): string[] => {
  const source = sourcesOf('core').find(({ path }) => path.endsWith('src/error-reporter.ts'));
  const [, union = ''] = /type ErrorStage =([^;]*);/.exec(source?.text ?? '') ?? [];
  return [...union.matchAll(/'(\w+)'/g)].map(([, stage = '']) => `${stage}_failed`);
};

/** The lines that stores write by themselves. */
const ofStores = (): string[] =>
  packageNames
    .filter((name) => name.startsWith('store-'))
    .flatMap(sourcesOf)
    .flatMap(({ text }) => [...text.matchAll(/\{ code: '(\w+)'/g)].map(([, code = '']) => code));

it('every log line has a section', () => {
  expect(stages()).toContain('handle_failed');
  expect(ofStores()).toContain('redis_evicts');
  const core = [STEPS, LINES, ASKING_LINES, DESK_LINES].flatMap(Object.keys);
  const codes = [...new Set([...core, ...stages(), ...ofStores()])];
  expect(headings(page('log-lines.md')).toSorted()).toEqual(codes.toSorted());
});

/** The heading that an address of the repository leads to. */
function sectionAt(address: unknown): string | undefined {
  const [, path = '', anchor = ''] = /\/blob\/main\/([^#]+)#(\w+)$/.exec(String(address)) ?? [];
  const text = path === '' ? '' : readFileSync(join(root, path), 'utf8');
  return headings(text).find((heading) => heading === anchor);
}

it('an error leads to its section, whatever its code', () => {
  for (const code of errorCodes()) {
    const error = new QBitFlowError(code as ErrorCode, 'why');
    expect([code, sectionAt(error.docs)]).toEqual([code, code]);
  }
});

it('a warning leads to its section, and a line that is none is facts alone', async () => {
  const lines: { readonly level: string; readonly facts: Readonly<Record<string, unknown>> }[] = [];
  const keep = (level: string) => (facts: Readonly<Record<string, unknown>>) =>
    void lines.push({ level, facts });
  const logger = { debug: keep('low'), info: keep('low'), warn: keep('high'), error: keep('high') };
  const qbitflow = createQBitFlow({ webhookSecret: 'whsec_0123456789abcdef', logger });
  await qbitflow.start();
  await qbitflow.handleWebhook({ method: 'POST', url: '/', headers: {}, rawBody: '{}' });
  qbitflow.report(new Error('of a handler'), { stage: 'handle' });
  // What explains the refusal is loaded first.
  await expect.poll(() => lines.map(({ facts }) => facts['code'])).toContain('invalid_signature');
  await qbitflow.close();
  const high = lines.filter(({ level }) => level === 'high').map(({ facts }) => facts);
  const codes = ['handle_failed', 'invalid_signature', 'store_forgets'];
  expect(new Set(high.map(({ code }) => code))).toEqual(new Set(codes));
  for (const { code, docs } of high) expect(sectionAt(docs)).toBe(code);
  const low = lines.filter(({ level }) => level === 'low').map(({ facts }) => facts['docs']);
  expect(new Set(low)).toEqual(new Set([undefined]));
});

it('every check of qbitflow doctor has a row in its guide, in their order', () => {
  const guide = readFileSync(join(folder, '..', 'guides', 'doctor.md'), 'utf8');
  const rows = [...guide.matchAll(/^\| `(\w+)` /gm)].map(([, name]) => name);
  expect(rows).toEqual([...CHECKS]);
});
