import { createHash } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { isThisMachine } from '../../mode.js';
import { GENERATION_NAMES, type GenerationName } from '../../protocol/generation.js';
import { generationNamed } from '../../protocol/index.js';
import type { ApiFacts } from './check-api.js';
import { explainReply, isRefusedByKit } from './explain-reply.js';
import { fail, type Finding, ok, skipped, warn } from './finding.js';
import { checkKit } from './check-kit.js';
import { type KitFacts, readProbeAnswer } from './probe-answer.js';
import { type Reply, sendProbe } from './send-probe.js';
import type { SetUp } from './set-up.js';
import { type Probe, signProbe } from './sign-probe.js';

/** Sends a signed test delivery to where webhooks go; gives what the kit there says of itself. */
export async function* checkWebhook(
  setUp: SetUp,
  api: ApiFacts,
): AsyncGenerator<Finding, KitFacts | undefined> {
  const { url, secrets } = setUp;
  if (url === undefined) {
    yield skipped(
      'webhook',
      'give --url https://shop.example/qbitflow/webhook, or QBITFLOW_WEBHOOK_URL',
    );
    return undefined;
  }
  const parsed = readUrl(url);
  if (parsed === undefined) {
    const example = 'set it to an address such as https://shop.example/qbitflow/webhook';
    yield fail('webhook', 'QBITFLOW_WEBHOOK_URL is no http(s) URL', example);
    return undefined;
  }
  if (!api.isLocal) yield* checkAddress(parsed, api);
  const keys = secrets.filter((secret) => secret !== '');
  if (keys.length === 0) {
    yield skipped('webhook', 'give QBITFLOW_WEBHOOK_SECRET: the test delivery is signed with it');
    return undefined;
  }
  const { finding, kit } = await createProbing({ ...setUp, secrets: keys }, api, parsed).run();
  yield finding;
  if (kit !== undefined) yield* checkKit(setUp, api, kit);
  return kit;
}

function readUrl(text: string): URL | undefined {
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}

/** What no router on the internet carries. */
function privateAddresses(): BlockList {
  const list = new BlockList();
  for (const [net, bits] of [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
  ] as const)
    list.addSubnet(net, bits, 'ipv4');
  list.addSubnet('::', 127, 'ipv6');
  list.addSubnet('fc00::', 7, 'ipv6');
  list.addSubnet('fe80::', 10, 'ipv6');
  return list;
}

/** Whether the internet can have such an address at all. */
async function* checkAddress(url: URL, { mode }: ApiFacts): AsyncGenerator<Finding, void> {
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const found = isIP(name) === 0 ? await lookup(name, { all: true }).catch(() => []) : [];
  const addresses = isIP(name) === 0 ? found.map(({ address }) => address) : [name];
  const list = privateAddresses();
  const isPrivate = (address: string): boolean =>
    list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  if (isThisMachine(url) || (addresses.length > 0 && addresses.every(isPrivate)))
    yield fail(
      'webhook',
      `QBitFlow cannot reach ${url.host}, which only your own network knows`,
      'register a public address; on your own machine use @qbitflow/sandbox, or a tunnel',
    );
  else if (url.protocol === 'http:' && mode !== 'test')
    yield warn('webhook', 'it is http://, and anybody on the way can read it', 'use https://');
}

interface Probed {
  readonly finding: Finding;
  readonly kit?: KitFacts | undefined;
}

/** Sends probes until it is known what is wrong. */
function createProbing(
  setUp: SetUp,
  { generation, aheadMs = 0 }: ApiFacts,
  url: URL,
): { run(): Promise<Probed> } {
  const { clock, secrets, fetch } = setUp;
  /** QBitFlow signs by its own clock, whatever this machine's says. */
  const apiNow = (): number => clock.now() + aheadMs;
  const sending = { fetch, clock, url: url.href };
  const { signatureHeader } = generation.signing;

  async function send(
    names: readonly GenerationName[],
    nowMs = apiNow(),
  ): Promise<{ readonly probe: Probe; readonly reply: Reply; readonly kit: KitFacts | undefined }> {
    const probe = await signProbe({ names, secrets, nowMs });
    const reply = await sendProbe(sending, probe);
    const isFine = reply.kind === 'answer' && reply.status === 200;
    const kit = isFine ? readProbeAnswer(reply.text, probe.id) : undefined;
    return { probe, reply, kit };
  }

  /** A kit refuses without a reason: what it takes instead tells. */
  async function explainRefusal(reply: Reply): Promise<Finding> {
    const theirs = timeOf(reply);
    const behindMs = theirs === undefined ? 0 : apiNow() - theirs;
    if (theirs !== undefined && Math.abs(behindMs) > NOTICEABLE_MS) {
      const { kit } = await send([generation.name], theirs);
      if (kit !== undefined)
        return fail(
          'webhook',
          `401: the clock of the machine there is ${Math.round(Math.abs(behindMs) / 1_000)} s ${behindMs > 0 ? 'behind' : 'ahead of'} ${aheadMs === 0 ? "this one's" : "QBitFlow's"}, and every delivery looks too old or too new`,
          'let it keep time (NTP; timedatectl set-ntp true)',
        );
    }
    const { probe, kit } = await send(GENERATION_NAMES);
    if (kit !== undefined) return explainDamage(probe, kit);
    return fail(
      'webhook',
      "401: none of the kit's secrets made this signature, or a proxy keeps its header back",
      `give the app the same QBITFLOW_WEBHOOK_SECRET as here and start it again; its log line invalid_signature says which it is (a proxy must let ${signatureHeader} through)`,
    );
  }

  /** It is genuine by another signature than the one that QBitFlow's deliveries have. */
  function explainDamage({ body }: Probe, kit: KitFacts): Finding {
    const came = kit.signatures ?? [];
    const isHere = generation.signing.signatureHeaders.every((name) => came.includes(name));
    if (!isHere)
      return fail(
        'webhook',
        `401: something before the kit keeps back the header ${signatureHeader}`,
        'let the proxy or gateway pass it on as it is',
      );
    const digest = createHash('sha256').update(body).digest('hex');
    if (kit.sha256 === digest)
      return fail(
        'webhook',
        `401: the kit there does not take ${generation.name}'s signatures`,
        `its option generations leaves ${generation.name} out: take it in, or set QBITFLOW_BASE_URL to the API that your endpoint is of`,
      );
    return fail(
      'webhook',
      '401: something before the kit writes the body anew, and its bytes are no longer the signed ones',
      'let the proxy or body parser pass the body on as it came, or put withWebhook() in front of the app (docs/guides/existing-app.md)',
    );
  }

  return {
    async run() {
      const { reply, kit } = await send([generation.name]);
      if (kit !== undefined) return { finding: aboutArrival(url, kit), kit };
      if (isRefusedByKit(reply)) return { finding: await explainRefusal(reply) };
      return { finding: explainReply(reply, url) };
    },
  };
}

/** Clocks that differ by less refuse nothing, in ms. */
const NOTICEABLE_MS = 60_000;

function timeOf(reply: Reply): number | undefined {
  const date = reply.kind === 'answer' ? reply.headers.get('date') : null;
  const time = date === null ? Number.NaN : Date.parse(date);
  return Number.isNaN(time) ? undefined : time;
}

/** One way of signing holds together although a parser has read the body; the other does not. */
function aboutArrival(url: URL, { body, signedBy }: KitFacts): Finding {
  const where = `${url.origin}${url.pathname}`;
  if (body !== 'value')
    return ok('webhook', `a signed test delivery came through ${where} unchanged`);
  const newer = GENERATION_NAMES.find((name) => name !== signedBy);
  return warn(
    'webhook',
    `a signed test delivery came through ${where}, but a body parser reads it before the kit${newer === undefined ? '' : `: deliveries of ${generationNamed(newer).name} will be refused`}`,
    'mount the route before the parser (docs/guides/existing-app.md)',
  );
}
