import type { Context } from 'koa';
import type { SandboxState } from '../state/sandbox-state.js';
import { space } from '../wire/demo-data.js';
import { canonicalJson } from '../wire/canonical-json.js';
import {
  isGenuine,
  readClaimV1,
  readClaimV2,
  trimmed,
  type SignatureClaim,
} from '../wire/verification.js';
import { ApiError, ValidationError } from './error-answers.js';
import { readFields, readJson, UUID, type Fields } from './read-request.js';

/** The request's own limit bounds what is in it. */
const ANY = { max: Infinity };

/** v1's `POST /webhooks/verify`: 200 when genuine, 400 when not. */
export async function verifyV1(state: SandboxState, context: Context): Promise<void> {
  const body = await readJson(context);
  const fields = readFields(body);
  const signature = fields.text('receivedSignature', ANY);
  const timestamp = fields.text('receivedTimestamp');
  fields.demand('payload');
  demandFilled(fields, 'receivedSignature', 'receivedTimestamp');
  if (fields.errors.length > 0 || signature === undefined || timestamp === undefined)
    throw new ValidationError(fields.errors);
  const canonical = canonicalJson(body['payload']);
  answer(state, context, readClaimV1(signature, timestamp, canonical));
}

/** v2's `POST /webhooks/verify`: 200 when genuine, 400 `invalid_signature` when not, 404 for another's endpoint. */
export async function verifyV2(state: SandboxState, context: Context): Promise<void> {
  const fields = readFields(await readJson(context));
  const body = fields.text('body', ANY);
  const signature = fields.text('signature', ANY);
  const endpointUuid = fields.text('endpointUuid', UUID);
  fields.demand('endpointUuid', 'body', 'signature');
  if (fields.errors.length > 0 || body === undefined || signature === undefined)
    throw new ValidationError(fields.errors);
  if (endpointUuid?.toLowerCase() !== space.endpointUuid)
    throw new ApiError(
      404,
      'not_found',
      `there is no endpoint ${String(endpointUuid)}: the sandbox's is ${space.endpointUuid}`,
    );
  // A blank one is what a delivery without the header leaves: it fails the check like any other that is no signature.
  answer(state, context, readClaimV2(signature, body));
}

/** A blank header is as good as none. */
function demandFilled(fields: Fields, ...names: readonly string[]): void {
  for (const name of names) {
    const value = fields.raw(name);
    if (value === undefined || (typeof value === 'string' && trimmed(value) === ''))
      fields.reject(name, 'is required');
  }
}

function answer(
  { secrets, settings }: SandboxState,
  context: Context,
  claim: SignatureClaim | undefined,
): void {
  // Signatures have the machine's time, however far the sandbox's was moved.
  const now = settings.clock.machine.now();
  if (claim === undefined || !isGenuine(claim, secrets.active(), now))
    throw new ApiError(400, 'invalid_signature', 'the signature is not valid');
  context.body = { message: 'the signature is valid' };
}
