import { QBitFlowError } from '@qbitflow/core';
import type { Loss } from './file-watch.js';

const REASONS: Readonly<Record<Loss, string>> = {
  gone: 'it is gone from its place (deleted, renamed, or its folder replaced): what would be written would be lost with this process. Put the file or a backup of it back; to begin with an empty one, restart the process',
  replaced:
    'another file was put in its place: what would be written to the old one would be lost with this process. A database that is passed in must be opened anew: restart the process',
  'log-gone':
    'its -wal or -shm was removed while it was in use: what would be written would be lost with this process. It is opened anew as soon as everything is in the file; a database that is passed in must be closed and opened anew: restart the process',
  'log-replaced':
    'its -wal or -shm was replaced while it was in use, and what was in the old one and not yet in the file is lost: look for what came last. It is opened anew; a database that is passed in must be opened anew: restart the process',
};

/** What a call gets while its database's files are not those that were opened. */
export function lostError(loss: Loss, file: string): QBitFlowError {
  return new QBitFlowError(
    'store_unavailable',
    `the sqlite store cannot use ${file}: ${REASONS[loss]}`,
    { facts: { store: 'sqlite', file, failure: loss } },
  );
}
