import type { Names } from './schema.js';

/**
 * What `stats` counts by: how many deliveries there are of each state and type, kept as they change. Counting a million
 * rows took more than a second.
 *
 * Every statement that moves deliveries appends what it changed, in its own transaction: a count is never wrong, whoever
 * writes, whatever is rolled back. There is no row that two writers change, so that nobody waits for another, and least
 * of all for a handler whose transaction stays open. Now and then a statement folds what is there into one row each.
 */
export function keepTally(names: Names): readonly string[] {
  const { quoted, deliveries, tally } = names;
  return [
    `CREATE TABLE ${tally} (state text NOT NULL, type text NOT NULL, unhandled boolean NOT NULL, deliveries bigint NOT NULL)
WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000)`,
    foldTally(names),
    countMoves(names),
    ...[
      'AFTER INSERT ON % REFERENCING NEW TABLE AS came',
      'AFTER UPDATE ON % REFERENCING OLD TABLE AS went NEW TABLE AS came',
      'AFTER DELETE ON % REFERENCING OLD TABLE AS went',
      'AFTER TRUNCATE ON %',
    ].map(
      (event, index) => `CREATE TRIGGER tally_${index + 1} ${event.replace('%', deliveries)}
FOR EACH STATEMENT EXECUTE FUNCTION ${quoted}.count_moves()`,
    ),
    // The triggers hold off all writers until this is committed: nothing is counted twice or missed.
    `INSERT INTO ${tally} SELECT state, type, unhandled, count(*) FROM ${deliveries} GROUP BY state, type, unhandled`,
    rightsToCount(names),
  ];
}

/** Takes what nobody else is folding; what is not committed yet is not seen. */
function foldTally({ quoted, tally }: Names): string {
  return `CREATE FUNCTION ${quoted}.fold_tally() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  WITH folded AS (
    DELETE FROM ${tally} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${tally} FOR UPDATE SKIP LOCKED)) RETURNING *
  )
  INSERT INTO ${tally} SELECT state, type, unhandled, sum(deliveries) FROM folded
  GROUP BY state, type, unhandled HAVING sum(deliveries) <> 0;
END $$`;
}

/**
 * One statement in sixty-four folds. At a stricter isolation level none does: it would fail where another statement has
 * folded since the transaction began, and a handler's transaction with it.
 */
function countMoves({ quoted, tally }: Names): string {
  const append = (moves: string): string => `INSERT INTO ${tally}
      SELECT state, type, unhandled, sum(n) FROM (${moves}) moved GROUP BY state, type, unhandled HAVING sum(n) <> 0`;
  const came = 'SELECT state, type, unhandled, 1 AS n FROM came';
  const went = 'SELECT state, type, unhandled, -1 AS n FROM went';
  return `CREATE FUNCTION ${quoted}.count_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  CASE TG_OP
    WHEN 'INSERT' THEN ${append(came)};
    WHEN 'UPDATE' THEN ${append(`${came} UNION ALL ${went}`)};
    WHEN 'DELETE' THEN ${append(went)};
    ELSE DELETE FROM ${tally};
  END CASE;
  IF random() < 0.015625 AND current_setting('transaction_isolation') = 'read committed' THEN
    PERFORM ${quoted}.fold_tally();
  END IF;
  RETURN NULL;
END $$`;
}

/** Whoever may change deliveries may count what they change, without an administrator granting it. */
function rightsToCount({ deliveries, tally }: Names): string {
  return `DO $$
DECLARE given record;
BEGIN
  FOR given IN
    SELECT acl.grantee, bool_or(acl.privilege_type <> 'SELECT') AS writes FROM pg_class c, aclexplode(c.relacl) acl
    WHERE c.oid = '${deliveries}'::regclass AND acl.grantee <> c.relowner
      AND acl.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE') GROUP BY acl.grantee
  LOOP
    EXECUTE format('GRANT %s ON ${tally} TO %s', CASE WHEN given.writes THEN 'SELECT, INSERT, UPDATE, DELETE' ELSE 'SELECT' END,
      CASE WHEN given.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(given.grantee)) END);
  END LOOP;
END $$`;
}
