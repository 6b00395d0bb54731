import type { Context } from 'koa';
import getRawBody from 'raw-body';
import type { JsonObject } from '../wire/cast.js';
import { ApiError } from './api-error.js';

/** The largest body either side handles (protocol §3). */
const BODY_LIMIT = 1_048_576;

/** The request's body as a JSON object. Throws 400 for anything else, 413 over 1 MiB. */
export async function readJson(context: Context): Promise<JsonObject> {
  const text = await readText(context);
  const value = parse(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new ApiError(400, 'validation_failed', 'the body must be a JSON object');
}

async function readText({ req }: Context): Promise<string> {
  try {
    return await getRawBody(req, { limit: BODY_LIMIT, encoding: 'utf-8' });
  } catch (cause) {
    const tooLarge = Reflect.get(Object(cause), 'type') === 'entity.too.large';
    throw tooLarge
      ? new ApiError(413, 'body_too_large', 'the body is larger than 1 MiB')
      : new ApiError(400, 'bad_request', 'the body could not be read');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(400, 'validation_failed', 'the body is not JSON');
  }
}
