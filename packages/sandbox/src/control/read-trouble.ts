import { ValidationError } from '../api/api-error.js';
import { readFields } from '../api/fields.js';
import type { Trouble } from '../trouble/trouble.js';

/** Trouble out of JSON: `paths` is an expression's source, null heals. Throws for fields of the wrong type. */
export function readTrouble(value: unknown): Trouble | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const body = { ...value };
  const fields = readFields(body);
  const paths = fields.text('paths');
  const { drop }: { drop?: unknown } = body;
  const trouble: Trouble = {
    status: fields.number('status'),
    retryAfterSeconds: fields.number('retryAfterSeconds'),
    delayMs: fields.number('delayMs'),
    drop: drop === 'answer' ? 'answer' : drop === true,
    paths: paths === undefined ? undefined : new RegExp(paths),
  };
  const [problem] = fields.errors;
  if (problem === undefined) return trouble;
  throw new ValidationError(fields.errors, `${problem.field} ${problem.message}`);
}
