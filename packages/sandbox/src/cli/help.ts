import { webSocketModeSummaries } from '../live/web-socket-mode.js';
import { scenarioSummaries } from '../scenarios/index.js';

const lines = (entries: readonly { readonly name: string; readonly summary: string }[]): string =>
  entries.map(({ name, summary }) => `    ${name.padEnd(18)}${summary}`).join('\n');

/** What `--help` prints. */
export const HELP = `QBitFlow on your own machine: checkout pages, status, and signed webhooks.

  qbitflow-sandbox --port 4242 --webhook http://127.0.0.1:3000/webhook

  --port <n>              port to listen on (default: a free one)
  --host <address>        address to listen on (default: 127.0.0.1)
  --allow-host <name>     a further name it is reached by, e.g. a container's; may be given several times
  --webhook <url>         where webhooks go (this machine only, see --allow-remote)
  --deliver v1|v2|both    generations of webhooks to send (default: v2)
  --scenario <a,b>        what shall go wrong, see below
  --websocket <mode>      how v1's WebSocket behaves, see below (default: on)
  --retry-delays <ms,ms>  waits before the second and every further attempt (default: 9, 200 to 5000)
  --api-key <key>         default: sk_sandbox
  --secret <secret>       default: whsec_sandbox
  --price-cap <usd>       highest price of a v2 session (default: 5, as in test mode; Infinity lifts it)
  --confirmation-ms <ms>  how long a payment waits for its confirmation (default: 0)
  --allow-remote          lets webhooks leave this machine
  -h, --help              this text

  scenarios:
${lines(scenarioSummaries)}

  modes of the WebSocket:
${lines(webSocketModeSummaries)}
`;
