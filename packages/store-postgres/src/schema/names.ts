import { QBitFlowError } from '@qbitflow/core';

/** Everything in the database that bears the schema's name; tables and sequence are quoted and ready for SQL. */
export interface Names {
  readonly schema: string;
  readonly quoted: string;
  readonly deliveries: string;
  readonly sequence: string;
  /** Leases that were renewed. */
  readonly leases: string;
  /** Keys whose bodies are gone. */
  readonly tombstones: string;
  /** Webhooks that came after a look had recorded their key. */
  readonly laterWebhooks: string;
  /** One row: since when keys are known. */
  readonly memory: string;
  readonly migrations: string;
  /** Channel of NOTIFY, not quoted. */
  readonly channel: string;
}

/** Short enough for `<schema>_due` to fit PostgreSQL's 63 bytes. */
const SCHEMA = /^[A-Za-z_][A-Za-z0-9_-]{0,55}$/;

/** Names for a schema. Throws `misconfigured` for one that PostgreSQL or we would misread. */
export function namesFor(schema: string): Names {
  if (!SCHEMA.test(schema) || /^pg_/i.test(schema))
    throw new QBitFlowError(
      'misconfigured',
      `schema must be 1 to 56 letters, digits, _ or -, starting with a letter or _, and not with pg_; it is ${JSON.stringify(schema)}`,
      { facts: { schema } },
    );
  const quoted = `"${schema}"`;
  return {
    schema,
    quoted,
    deliveries: `${quoted}.delivery`,
    sequence: `${quoted}.delivery_seq`,
    leases: `${quoted}.lease`,
    tombstones: `${quoted}.tombstone`,
    laterWebhooks: `${quoted}.later_webhook`,
    memory: `${quoted}.memory`,
    migrations: `${quoted}.migration`,
    channel: `${schema}_due`,
  };
}
