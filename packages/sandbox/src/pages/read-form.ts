import type { Context } from 'koa';
import { readText } from '../api/read-request.js';

/** A form's fields, as a browser posts them; none where nothing was posted. Throws 413 over 1 MiB. */
export async function readForm(context: Context): Promise<URLSearchParams> {
  return new URLSearchParams(await readText(context));
}
