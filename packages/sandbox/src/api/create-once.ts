import type { Context, Middleware } from 'koa';
import type { SandboxState } from '../state/sandbox-state.js';
import { fingerprintOf } from '../state/keyed-creates.js';
import { canonicalJson, type JsonObject } from '../wire/canonical-json.js';
import { ApiError, ValidationError } from './error-answers.js';

const CREATE = /^\/v2\/transaction\/session-checkout\/new\//;

/**
 * Answers 409 to a create whose `Idempotency-Key` another one is being worked on with, however long that takes: an API
 * fault's delay counts, so that a client that gave up waiting and tries again sees what it would see at QBitFlow.
 */
export function holdKeys({ keyedCreates, settings }: SandboxState): Middleware {
  const { inUse } = keyedCreates;
  return async (context, next) => {
    const isCreate = context.method === 'POST' && CREATE.test(context.path);
    // Whoever has no key to the API learns nothing of the merchant's.
    if (!isCreate || context.get('x-api-key') !== settings.apiKey) return next();
    const key = scopedKey(context);
    if (key === undefined) return next();
    if (inUse.has(key))
      throw new ApiError(
        409,
        'idempotency_key_in_use',
        'a request with this Idempotency-Key is being worked on: send it again in a moment',
      );
    inUse.add(key);
    try {
      return await next();
    } finally {
      inUse.delete(key);
    }
  };
}

/**
 * Does `create` once for an `Idempotency-Key`: for 24 hours the same request is given the same answer. Only what
 * succeeded is remembered, and a replay does not make the memory younger. Throws 422 where the key came with another
 * request.
 */
export function createOnce(
  { keyedCreates }: SandboxState,
  context: Context,
  body: JsonObject,
  create: () => JsonObject,
): JsonObject {
  const key = scopedKey(context);
  if (key === undefined) return create();
  const fingerprint = fingerprintOf(context.path, canonicalJson(body));
  const before = keyedCreates.find(key);
  if (before === undefined) {
    const answer = create();
    keyedCreates.keep(key, { fingerprint, answer });
    return answer;
  }
  if (before.fingerprint === fingerprint) return before.answer;
  throw new ApiError(
    422,
    'idempotency_key_reused',
    'this Idempotency-Key came before, with another request: give every new request a key of its own',
  );
}

/** The key, within the space that the request acts in. Throws 400 for what cannot be one. */
function scopedKey({ headers }: Context): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key))
    return `${String(headers['on-behalf-of'] ?? '').toLowerCase()} ${key}`;
  throw new ValidationError([
    { field: 'Idempotency-Key', message: 'must be 1 to 255 printable ASCII characters, no spaces' },
  ]);
}
