import type { Context } from 'koa';
import type { Machine } from '../../machine.js';
import { ApiError, ValidationError } from '../api-error.js';
import { isSignedBody } from '../check-signature.js';
import { readFields } from '../fields.js';
import { readJson } from '../read-json.js';

/** `POST /webhooks/verify`: 200 when genuine, 400 `invalid_signature` when not. Any endpoint's UUID is taken. */
export async function verifyV2(machine: Machine, context: Context): Promise<void> {
  const fields = readFields(await readJson(context));
  const required = { max: 4_194_304 };
  const body = fields.text('body', required);
  const signature = fields.text('signature');
  fields.text('endpointUuid');
  for (const field of ['endpointUuid', 'body', 'signature'])
    if (!fields.has(field)) fields.refuse(field, 'is required');
  if (fields.errors.length > 0 || body === undefined || signature === undefined)
    throw new ValidationError(fields.errors);

  const parts = signature.split(',').map((part) => part.trim());
  const timestamp = parts.find((part) => part.startsWith('t='))?.slice(2) ?? '';
  const digests = parts.filter((part) => part.startsWith('v1=')).map((part) => part.slice(3));
  if (!isSignedBody(machine, { timestamp, digests, signed: body }))
    throw new ApiError(400, 'invalid_signature', 'the signature is not valid');
  context.body = { message: 'the signature is valid' };
}
