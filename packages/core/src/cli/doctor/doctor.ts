import { systemClock } from '../../clock.js';
import type { CommandOptions } from '../command-line.js';
import type { Surroundings } from '../run-command.js';
import { checkApi } from './check-api.js';
import { checkEndpoint } from './check-endpoint.js';
import { checkPackages } from './check-packages.js';
import { checkSecret } from './check-secret.js';
import { checkStore } from './check-store.js';
import { checkWebhook } from './check-webhook.js';
import { type Finding, lineOf, summaryOf } from './finding.js';
import { readSetUp, type SetUp } from './set-up.js';

/** Looks at a whole set-up and says of each part how it is. Resolves with the exit code: 1 where something must be mended. */
export async function doctorCommand(
  flags: CommandOptions,
  {
    folder,
    env,
    write,
    complain = write,
    clock = systemClock,
    fetch = globalThis.fetch,
    nodeVersion = process.versions.node,
  }: Surroundings,
): Promise<number> {
  if (flags.url !== undefined && !isHttpUrl(flags.url)) {
    complain(
      'qbitflow doctor: --url is where QBitFlow sends webhooks, e.g. https://shop.example/qbitflow/webhook (qbitflow doctor --help)',
    );
    return 2;
  }
  const setUp = readSetUp({ folder, env, flags, clock, fetch, nodeVersion });
  const findings: Finding[] = [];
  for await (const finding of examine(setUp)) {
    findings.push(finding);
    write(flags.json ? JSON.stringify(finding) : lineOf(finding));
  }
  if (!flags.json) write(summaryOf(findings));
  return findings.some(({ status }) => status === 'fail') ? 1 : 0;
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

/** Each check goes by what those before it found: QBitFlow's time, what the kit behind the URL says of itself. */
async function* examine(setUp: SetUp): AsyncGenerator<Finding, void> {
  yield* checkPackages(setUp);
  const api = yield* checkApi(setUp);
  const knowsSecret = yield* checkEndpoint(setUp, api);
  yield* checkSecret(setUp, knowsSecret);
  const kit = yield* checkWebhook(setUp, api);
  yield* checkStore(setUp, kit);
}
