import { LANE, OPEN } from '../lane.js';
import type { Names } from '../names.js';
import { chooseDue } from './choose-due.js';
import { guards } from './guards.js';

/**
 * Keys outlive bodies, leases are renewed beside their deliveries, and takers choose types. A process of the release
 * before may still be at work: it goes on reading and writing its own columns, and the guards see to the rest.
 */
export function keepKeys(names: Names): readonly string[] {
  const { deliveries, tombstones, leases, laterWebhooks, memory } = names;
  return [
    `ALTER TABLE ${deliveries} ADD COLUMN ready_at timestamptz, ADD COLUMN due_since timestamptz,
  ADD COLUMN unhandled boolean NOT NULL DEFAULT false`,
    `UPDATE ${deliveries} SET ready_at = at WHERE state = 'due' AND at <= now()`,
    `DROP INDEX ${names.quoted}.delivery_open`,
    `CREATE INDEX delivery_lane ON ${deliveries} (${LANE}, type, at, seq) INCLUDE (state) WHERE ${OPEN}`,
    `CREATE INDEX delivery_unhandled ON ${deliveries} (seq) WHERE unhandled`,
    // Sixteen bytes of a key's SHA-256 and a time: some 95 bytes each, index included.
    `CREATE TABLE ${tombstones} (digest uuid PRIMARY KEY, at timestamptz NOT NULL)`,
    `CREATE INDEX tombstone_at ON ${tombstones} USING brin (at) WITH (pages_per_range = 32, autosummarize = on)`,
    `CREATE TABLE ${leases} (key text PRIMARY KEY, token text NOT NULL, until timestamptz NOT NULL)`,
    `CREATE TABLE ${laterWebhooks} (
  key text PRIMARY KEY,
  event_id text NOT NULL,
  version text NOT NULL,
  received_at timestamptz NOT NULL,
  headers jsonb NOT NULL,
  raw bytea NOT NULL
)`,
    // What happened before the keys were kept may have been handled and forgotten.
    `CREATE TABLE ${memory} (single boolean PRIMARY KEY DEFAULT true CHECK (single), born_at timestamptz NOT NULL, forgotten_at timestamptz)`,
    `INSERT INTO ${memory} (born_at) VALUES (clock_timestamp())`,
    ...guards(names),
    chooseDue(names),
    sameRights(names),
  ];
}

/** Whoever may use the deliveries may use what was added, without an administrator granting it again. */
function sameRights({ deliveries, tombstones, leases, laterWebhooks, memory }: Names): string {
  return `DO $$
DECLARE given record;
BEGIN
  FOR given IN
    SELECT DISTINCT acl.grantee, acl.privilege_type FROM pg_class c, aclexplode(c.relacl) acl
    WHERE c.oid = '${deliveries}'::regclass AND acl.grantee <> c.relowner
      AND acl.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
  LOOP
    EXECUTE format('GRANT %s ON ${tombstones}, ${leases}, ${laterWebhooks}, ${memory} TO %s', given.privilege_type,
      CASE WHEN given.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(given.grantee)) END);
  END LOOP;
END $$`;
}
