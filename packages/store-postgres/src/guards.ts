import type { Names } from './schema.js';

/**
 * What holds whoever writes: this release, the one before it during a deploy, or an operator by hand. The functions
 * are volatile, so that each sees what was committed until then and not only until its statement began.
 */
export function guards(names: Names): readonly string[] {
  return [...keysAreKept(names), ...keysAreRefused(names), ...leasesAreKept(names)];
}

/** A done or dead row that is deleted leaves its key behind. */
function keysAreKept(names: Names): readonly string[] {
  const { quoted, deliveries } = names;
  return [
    `CREATE FUNCTION ${quoted}.key_digest(key text) RETURNS uuid LANGUAGE sql STABLE STRICT PARALLEL SAFE
AS $$ SELECT encode(substring(sha256(convert_to(key, 'UTF8')) FROM 1 FOR 16), 'hex')::uuid $$`,
    keepKey(names),
    `CREATE TRIGGER keep_key AFTER DELETE ON ${deliveries} REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION ${quoted}.keep_key()`,
  ];
}

/** What the steps have in common is replaced by each of them, as it is now: it is looked into only when it is called. */
export function keepKey({ quoted, tombstones, laterWebhooks, duplicates }: Names): string {
  return `CREATE OR REPLACE FUNCTION ${quoted}.keep_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ${tombstones} (digest, at)
    SELECT ${quoted}.key_digest(key), CASE WHEN state = 'done' THEN at ELSE now() END
    FROM gone WHERE state IN ('done', 'dead') ON CONFLICT (digest) DO NOTHING;
  DELETE FROM ${laterWebhooks} later USING gone WHERE later.key = gone.key;
  DELETE FROM ${duplicates} again USING gone WHERE again.key = gone.key;
  RETURN NULL;
END $$`;
}

/**
 * The release before inserts what has a tombstone like any other: it is told to try again, and fails as in an outage,
 * until the sender comes to a process of this one.
 */
function keysAreRefused({ quoted, deliveries, tombstones }: Names): readonly string[] {
  return [
    `CREATE FUNCTION ${quoted}.guard_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM ${tombstones} WHERE digest = ${quoted}.key_digest(NEW.key)) THEN
    RAISE EXCEPTION 'the key was done before and is kept' USING ERRCODE = 'serialization_failure';
  END IF;
  RETURN NULL;
END $$`,
    `CREATE TRIGGER guard_insert AFTER INSERT ON ${deliveries} FOR EACH ROW WHEN (NEW.ready_at IS NULL)
EXECUTE FUNCTION ${quoted}.guard_insert()`,
  ];
}

/** A lease that was renewed beside its delivery keeps that from being taken over, by the release before too. */
function leasesAreKept({ quoted, deliveries, leases }: Names): readonly string[] {
  return [
    `CREATE FUNCTION ${quoted}.guard_lease() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM ${leases} WHERE key = OLD.key AND token = OLD.token AND until > now()) THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END $$`,
    `CREATE TRIGGER guard_lease BEFORE UPDATE ON ${deliveries} FOR EACH ROW
WHEN (OLD.state = 'running' AND NEW.state = 'running' AND OLD.token IS DISTINCT FROM NEW.token)
EXECUTE FUNCTION ${quoted}.guard_lease()`,
  ];
}
