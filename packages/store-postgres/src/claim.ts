import type { Claim, ClaimOutcome } from '@qbitflow/core';
import type { Row } from './database/pg-types.js';
import { storableNames } from './database/storable-text.js';

/** SQL: the row that a claim's key ($1) and token ($2) still hold. */
export const HELD = "key = $1 AND token = $2 AND state = 'running'";

/** SQL: what is remembered, with the names of a JSON list added that are new. */
export const withNames = (json: string): string =>
  `succeeded || ARRAY(SELECT name FROM jsonb_array_elements_text(${json}::jsonb) AS name WHERE name <> ALL (succeeded))`;

/** The value for {@link withNames}. */
export const namesJson = (succeeded: readonly string[]): string =>
  storableNames([...new Set(succeeded)]);

/** Values for {@link HELD}. */
export const heldBy = ({ key, token }: Claim): [string, string] => [key, token];

/** What the rows that a transition changed say. */
export const outcomeOf = (rows: readonly Row[]): ClaimOutcome => (rows.length > 0 ? 'ok' : 'lost');
