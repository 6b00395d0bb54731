import { scenarioSummaries } from '../scenarios/index.js';

const scenarios = scenarioSummaries
  .map(({ name, summary }) => `    ${name.padEnd(18)}${summary}`)
  .join('\n');

/** What `--help` prints. */
export const HELP = `QBitFlow on your own machine: checkout pages, status, and signed webhooks.

  qbitflow-sandbox --port 4242 --webhook http://127.0.0.1:3000/webhook

  --port <n>              port to listen on (default: a free one)
  --host <address>        address to listen on (default: 127.0.0.1)
  --webhook <url>         where webhooks go (this machine only, see --allow-remote)
  --deliver v1|v2|both    generations of webhooks to send (default: v2)
  --scenario <a,b>        what shall go wrong, see below
  --api-key <key>         default: sk_sandbox
  --secret <secret>       default: whsec_sandbox
  --price-cap <usd>       highest price of a v2 session (default: 5, as in test mode; Infinity lifts it)
  --confirmation-ms <ms>  how long a payment waits for its confirmation (default: 0)
  --allow-remote          lets webhooks leave this machine
  -h, --help              this text

  scenarios:
${scenarios}
`;
