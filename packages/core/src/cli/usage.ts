/** What `qbitflow --help` prints. */
export const USAGE = `qbitflow: look after the deliveries in a store

  qbitflow deliveries list [--state due|running|done|dead] [--type <type>] [--subject <id>]
                           [--limit <n>] [--cursor <cursor>] --store <store>
  qbitflow deliveries show <key> --store <store>
  qbitflow deliveries replay <key> --store <store>     make a dead letter due again
  qbitflow deliveries discard <key> --store <store>    forget a dead letter for good
  qbitflow deliveries stats --store <store>

  --store   sqlite:<file>, redis://…, postgres://…, or a file of yours that exports \`store\`;
            default: QBITFLOW_STORE
  --json    one JSON value a line, for programs`;
