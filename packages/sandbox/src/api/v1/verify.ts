import { canonicalJson } from '@qbitflow/core';
import type { Context } from 'koa';
import type { Machine } from '../../machine.js';
import { ApiError } from '../api-error.js';
import { isSignedBody } from '../check-signature.js';
import { readJson } from '../read-json.js';

/** `POST /webhooks/verify`: 200 when genuine, 400 when not. */
export async function verifyV1(machine: Machine, context: Context): Promise<void> {
  const { payload, receivedSignature, receivedTimestamp } = await readJson(context);
  const digest = /^sha256=(.*)$/.exec(String(receivedSignature))?.[1];
  const genuine = isSignedBody(machine, {
    timestamp: String(receivedTimestamp),
    digests: digest === undefined ? [] : [digest],
    signed: canonicalJson(payload ?? null),
  });
  if (!genuine) throw new ApiError(400, 'invalid_signature', 'the signature is not valid');
  context.body = { message: 'the signature is valid' };
}
