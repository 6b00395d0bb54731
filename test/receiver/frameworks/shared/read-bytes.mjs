import { buffer } from 'node:stream/consumers';

/** All bytes of a request, as a platform reads them before an app sees it. */
export async function readBytes(request) {
  return buffer(request);
}
