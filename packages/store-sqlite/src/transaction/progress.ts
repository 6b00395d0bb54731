import type { Progress } from '@qbitflow/core';
import { CLAIMED, WITH_NAMES } from '../schema.js';

/** What is remembered in the merchant's transaction; with `done` the delivery is completed in it. */
export type WithinOptions = Progress & { readonly done: boolean };

/** SQL that remembers handlers, given their names twice and the claim. */
export const REMEMBER = `UPDATE {deliveries} SET succeeded = ${WITH_NAMES} WHERE ${CLAIMED}`;
