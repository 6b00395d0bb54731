/** What `qbitflow --help` prints. */
export const USAGE = `qbitflow: look after the deliveries in a store, and fetch back what was missed

  qbitflow deliveries list [--state due|running|done|dead] [--type <type>] [--subject <id>] [--unhandled]
                           [--limit <n>] [--cursor <cursor>] --store <store>
  qbitflow deliveries show <key> --store <store>
  qbitflow deliveries replay <key> --store <store>     make a dead or done delivery due again
  qbitflow deliveries replay --unhandled --type <type> --store <store>
                                                       all of a type that were done without a handler
  qbitflow deliveries discard <key> --store <store>    forget a dead letter for good
  qbitflow deliveries stats --store <store>
  qbitflow recover --since <time> --store <store>      fetch back from v2's event log what webhooks missed
  qbitflow recheck <uuid> [--type <type>] --store <store>
                                                       ask about one transaction (v1 has no event log)

  --store   sqlite:<file>, redis://…, postgres://…, or a file of yours that exports \`store\`;
            default: QBITFLOW_STORE
  recover and recheck take QBITFLOW_API_KEY and QBITFLOW_BASE_URL; what they record is handled by
  whichever process runs your handlers on that store
  --since   RFC 3339, or a number of hours back such as 36h
  --json    one JSON value a line, for programs

  Exit code: 0 done, 1 not done, 2 a wrong call; why is said on stderr`;
