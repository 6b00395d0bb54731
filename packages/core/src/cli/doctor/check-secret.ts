import { cureOf, oddityOfSecret } from '../../oddity.js';
import { fail, type Finding, ok, skipped, warn } from './finding.js';
import type { SetUp } from './set-up.js';

const COPY =
  'copy the signing secret of the webhook endpoint (whsec_…) from the QBitFlow dashboard';

/** Looks at the shape of the signing secrets; `knowsSecret`: whether QBitFlow says that it signs with one of them. */
export function* checkSecret(
  { secrets, envFileHint }: SetUp,
  knowsSecret: boolean | undefined,
): Generator<Finding, void> {
  if (secrets.length === 0) {
    yield skipped('secret', `give QBITFLOW_WEBHOOK_SECRET${envFileHint}`);
    return;
  }
  const faults = secrets.flatMap((secret, index) => {
    const name = `QBITFLOW_WEBHOOK_SECRET${secrets.length === 1 ? '' : ` (${index + 1} of ${secrets.length})`}`;
    return faultsOf(name, secret);
  });
  yield* faults;
  if (faults.length > 0) return;
  if (knowsSecret === false) yield fail('secret', 'QBitFlow signs with another secret', COPY);
  else {
    const count = secrets.length === 1 ? 'one signing secret' : `${secrets.length} signing secrets`;
    yield ok('secret', knowsSecret === true ? `${count}, which QBitFlow signs with` : count);
  }
}

function faultsOf(name: string, secret: string): readonly Finding[] {
  if (secret === '')
    return [fail('secret', `${name} is empty`, 'a comma too many, or a variable that is not set')];
  const oddity = oddityOfSecret(secret);
  if (oddity !== undefined) return [fail('secret', `${name} ${oddity}`, cureOf(oddity))];
  return /^whsec_./.test(secret)
    ? []
    : [warn('secret', `${name} does not begin with whsec_`, COPY)];
}
