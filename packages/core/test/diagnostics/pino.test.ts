import { PassThrough } from 'node:stream';
import { safeLogger } from '@qbitflow/core';
import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { ASKING_LINES } from '../../src/asking-lines.js';
import { DESK_LINES } from '../../src/desk/desk-lines.js';
import {
  createDiagnostics,
  LINES,
  STEPS,
  type Diagnostics,
  type DiagnosticCode,
  type LogLines,
} from '../../src/diagnostics.js';

const LEVELS = { debug: 20, info: 30, warn: 40, error: 50 };

/** What a real pino writes, line by line. */
function written(work: (diagnostics: Diagnostics) => void): Record<string, unknown>[] {
  const output = new PassThrough();
  work(createDiagnostics(safeLogger(pino({ level: 'debug' }, output))));
  const text = String(output.read() ?? '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const allLines = [LINES, ASKING_LINES, DESK_LINES].flatMap((table: LogLines) =>
  Object.keys(table).map((code) => ({ code, table })),
);

describe.each(allLines)('the line $code', ({ code, table }) => {
  test('has its stable code, a level and a sentence', () => {
    const lines = written((diagnostics) => diagnostics.say(table, code));
    expect(lines).toMatchObject([
      { code, level: expect.any(Number), msg: expect.stringMatching(/\w+ \w+/) },
    ]);
    expect(Object.values(LEVELS)).toContain(lines[0]?.['level']);
  });

  test('keeps message, stack and cause of the error under err', () => {
    const err = new TypeError('no stock of tea', { cause: new Error('the warehouse is away') });
    expect(written((diagnostics) => diagnostics.say(table, code, { err }))).toMatchObject([
      {
        code,
        err: {
          type: 'TypeError',
          message: expect.stringContaining('no stock of tea'),
          stack: expect.stringMatching(/pino\.test\.ts[\s\S]*the warehouse is away/),
        },
      },
    ]);
  });
});

test.each(Object.keys(STEPS) as DiagnosticCode[])(
  'the step %s has its code, its level and its sentence',
  (code) => {
    const [level, msg] = STEPS[code];
    const lines = written((diagnostics) => diagnostics.emit(code, { key: 'k', attempt: 2 }));
    expect(lines).toMatchObject([{ code, level: LEVELS[level], msg, key: 'k', attempt: 2 }]);
  },
);
