import { toFetchHandler } from '@qbitflow/core';
import { qbitflow } from '../../../lib/qbitflow.mjs';

let handler;
function handle(request) {
  handler ??= toFetchHandler(qbitflow(), { basePath: '/qbitflow' });
  return handler(request);
}
export { handle as GET, handle as POST };
