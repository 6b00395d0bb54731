import type { Context } from 'koa';
import getRawBody from 'raw-body';
import { ApiError } from '../api/error-answers.js';

/** The largest form of the sandbox's pages, in bytes. */
const FORM_LIMIT = 65_536;

/** A form's fields, as a browser posts them; none where nothing was posted. Throws 413 for more than 64 KiB. */
export async function readForm({ req }: Context): Promise<URLSearchParams> {
  try {
    return new URLSearchParams(await getRawBody(req, { limit: FORM_LIMIT, encoding: 'utf-8' }));
  } catch (cause) {
    const tooLarge = Reflect.get(Object(cause), 'type') === 'entity.too.large';
    throw tooLarge
      ? new ApiError(413, 'request_too_large', 'the form is larger than 64 KiB')
      : new ApiError(400, 'bad_request', 'the form could not be read');
  }
}
