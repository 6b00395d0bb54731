import type { ApiFacts } from './check-api.js';
import { codeOf, fail, type Finding, ok, skipped, warn } from './finding.js';
import { jsonIn, type KitFacts } from './probe-answer.js';
import { askForJson } from './send-probe.js';
import type { SetUp } from './set-up.js';

/** Looks at what the kit behind the URL says of itself. */
export async function* checkKit(
  setUp: SetUp,
  api: ApiFacts,
  kit: KitFacts,
): AsyncGenerator<Finding, void> {
  const faults = [...clockOf(setUp, api, kit), ...modeOf(api, kit), ...storeOf(kit)];
  yield* faults;
  if (faults.length === 0) yield ok('kit', aboutKit(kit));
  yield await checkPublicUrl(setUp, kit);
}

function aboutKit({ store = 'a store', mode, processing }: KitFacts): string {
  const money = mode === 'both' || mode === undefined ? '' : `, takes ${mode} money`;
  return `keeps deliveries in ${store}${money}${processing === undefined ? '' : `, and ${WORK[processing] ?? processing}`}`;
}

const WORK: Readonly<Record<string, string>> = {
  background: 'runs handlers after its answer',
  'before-reply': 'runs handlers before its answer',
  elsewhere: 'leaves handlers to another process',
};

const NOTICEABLE_MS = 30_000;

function clockOf(
  { clock }: SetUp,
  { aheadMs = 0 }: ApiFacts,
  { nowMs }: KitFacts,
): readonly Finding[] {
  const offMs = nowMs === undefined ? 0 : nowMs - clock.now() - aheadMs;
  if (Math.abs(offMs) <= NOTICEABLE_MS) return [];
  const says = `its clock is ${Math.round(Math.abs(offMs) / 1_000)} s ${offMs > 0 ? 'ahead' : 'behind'}`;
  return [warn('kit', says, 'let the machine keep time: from 300 s on deliveries are refused')];
}

function modeOf({ mode }: ApiFacts, kit: KitFacts): readonly Finding[] {
  const isOther = (kit.mode === 'live' || kit.mode === 'test') && mode !== undefined;
  if (!isOther || kit.mode === mode) return [];
  return [
    fail(
      'kit',
      `it takes ${kit.mode} money only, and your key is a ${mode} key: what it brings is kept away from your handlers`,
      `give the kit there this key, or mode: '${mode}'`,
    ),
  ];
}

function storeOf({ store, durable }: KitFacts): readonly Finding[] {
  if (durable !== false) return [];
  return [
    warn(
      'kit',
      `it keeps deliveries in ${store ?? 'memory'}, which forgets what was not handled when the process ends`,
      'give createQBitFlow a store: sqliteStore, redisStore or postgresStore',
    ),
  ];
}

/** Whether customers come back to where the kit is mounted. */
async function checkPublicUrl({ url = '', fetch, clock }: SetUp, kit: KitFacts): Promise<Finding> {
  const { publicUrl } = kit;
  if (publicUrl === undefined)
    return skipped('publicUrl', 'the kit has none: checkouts then need a successUrl each');
  if (!URL.canParse(publicUrl)) return fail('publicUrl', 'what the kit says of it is no URL');
  const success = `${publicUrl}/success`;
  const reply = await askForJson({ fetch, clock, url: success });
  const cure = `set publicUrl to where the kit's routes are mounted, as customers reach them${url.endsWith('/webhook') ? `: probably ${url.slice(0, -'/webhook'.length)}` : ''}`;
  if (reply.kind !== 'answer') {
    const why = reply.kind === 'late' ? 'no answer' : codeOf(reply.error);
    return fail(
      'publicUrl',
      `customers come back to ${success}, which cannot be reached (${why})`,
      cure,
    );
  }
  // Without an id the kit's page answers so.
  const isOurs = reply.status === 400 && typeof jsonIn(reply.text) === 'object';
  if (!isOurs)
    return fail(
      'publicUrl',
      `customers come back to ${success}, which answers ${reply.status} and is no return page of the kit`,
      cure,
    );
  return new URL(publicUrl).origin === new URL(url).origin
    ? ok('publicUrl', `${publicUrl} is where the routes are mounted`)
    : warn(
        'publicUrl',
        `customers come back to ${new URL(publicUrl).host}, and webhooks come to ${new URL(url).host}`,
        'fine where both are meant; else correct publicUrl',
      );
}
