// The kit on the memory store: what a delivery costs before any database.
import { memoryStore } from '@qbitflow/core';
import { startKit } from './ours.mjs';

export { handledCount } from './ours.mjs';
export const qbitflow = await startKit(memoryStore());
