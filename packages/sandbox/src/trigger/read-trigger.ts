import { ValidationError } from '../api/error-answers.js';
import { readFields, type Fields } from '../api/read-request.js';
import type { Generation } from '../state/events.js';
import type { JsonObject } from '../wire/canonical-json.js';
import type { TriggerOptions } from './trigger.js';

/** What a body of `POST /sandbox/trigger` asks for. */
interface TriggerRequest {
  readonly type: string;
  readonly options: TriggerOptions;
}

const FIELDS = ['type', 'version', 'set', 'retry'];

/** Understands a body of `POST /sandbox/trigger`. Throws 400 for what is none. */
export function readTrigger(body: JsonObject): TriggerRequest {
  const fields = readFields(body);
  const type = fields.text('type') ?? '';
  if (!fields.has('type')) fields.reject('type', 'is required, such as payment.completed');
  const options = {
    version: readVersion(fields),
    set: readSet(fields, body['set']),
    retry: body['retry'] !== false,
  };
  if (!['boolean', 'undefined'].includes(typeof body['retry']))
    fields.reject('retry', 'must be true or false');
  for (const name of Object.keys(body))
    if (!FIELDS.includes(name))
      fields.reject(name.slice(0, 100), `is unknown: there are ${FIELDS.join(', ')}`);
  const [problem] = fields.errors;
  if (problem === undefined) return { type, options };
  throw new ValidationError(fields.errors, `${problem.field} ${problem.message}`);
}

function readVersion(fields: Fields): Generation | undefined {
  const version = fields.text('version');
  if (version === undefined || isGeneration(version)) return version;
  return fields.reject('version', 'must be v1 or v2');
}

function readSet(fields: Fields, value: unknown): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object' && !Array.isArray(value)) return { ...value };
  return fields.reject(
    'set',
    'must be an object of paths and values, such as {"data.reference":"order-1"}',
  );
}

function isGeneration(version: string): version is Generation {
  return version === 'v1' || version === 'v2';
}
