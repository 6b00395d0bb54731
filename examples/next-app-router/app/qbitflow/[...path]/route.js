import { toFetchHandler } from '@qbitflow/core';
import { qbitflow } from '../../../lib/qbitflow.mjs';

export const runtime = 'nodejs';
export const dynamic = 'force-dynamic';

const handle = toFetchHandler(qbitflow, { basePath: '/qbitflow' });
export { handle as GET, handle as POST };
