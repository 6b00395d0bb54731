import type { FundsRelease, Refund, Session } from '../state/sessions.js';
import { amountOf, feeOf } from '../state/terms.js';
import { rfc3339 } from '../time.js';
import { transferV2 } from './bodies-v2.js';
import type { JsonObject } from './canonical-json.js';
import {
  COIN_DECIMALS,
  COIN_PRICE_USD,
  currencyOf,
  demo,
  explorerUrl,
  minUnits,
  onChain,
} from './demo-data.js';

/** A refund, in v2's names. Until it is approved there is no transaction of it. */
export function refundV2(session: Session, refund: Refund): JsonObject {
  const { terms } = session;
  const { respondedAt, txHash } = refund;
  const paidUsd = amountOf(terms);
  const amountUsd = refundedUsd(paidUsd, refund);
  return {
    uuid: refund.uuid,
    txUuid: refund.txUuid,
    reason: refund.reason,
    status: refund.status,
    createdAt: rfc3339(refund.createdAt),
    merchantMessage: refund.merchantMessage,
    respondedAt: respondedAt === undefined ? null : rfc3339(respondedAt),
    test: true,
    userUuid: terms.userUuid,
    txHash: txHash ?? '',
    initiatedBy: refund.initiatedBy,
    held: false,
    paidMinUnits: minUnits(paidUsd),
    paidUsd,
    refundPercent: refund.percent,
    amountMinUnits: minUnits(amountUsd),
    amountUsd,
    currencyId: currencyOf(session).id,
    metadata: txHash === undefined || respondedAt === undefined ? null : chainFacts(respondedAt),
    ...(txHash === undefined ? {} : { chain: demo.chain, explorerUrl: explorerUrl(txHash) }),
  };
}

/** What a refund gives back, to the coin's smallest unit. */
function refundedUsd(paidUsd: number, { percent }: Refund): number {
  const unit = 10 ** COIN_DECIMALS;
  return Math.round((paidUsd * percent * unit) / 100) / unit;
}

/** Where a transfer stands on the chain, and what the chain's coin cost then. */
function chainFacts(at: number): JsonObject {
  return { ...onChain(at), mainCurrencyPriceUsd: COIN_PRICE_USD };
}

/** The wallet that holds what a member's sales brought in. */
const HOLDING_WALLET = '0x000000000000000000000000000000000000e5c0';

/** The transfer that pays held funds out, with the ledger that it settles: what the sale owes, less what was given back. */
export function fundsReleaseV2(session: Session, release: FundsRelease): JsonObject {
  const { uuid, txHash, at, userUuid } = release;
  const ledgers = ledgersOf(session);
  const amount = ledgers.reduce((sum, { owedUsd }) => sum + owedUsd, 0);
  return {
    uuid,
    ...transferV2(session, { from: HOLDING_WALLET, amount, txHash, at, userUuid }),
    received: true,
    type: 'releaseHeldFunds',
    txMetadata: chainFacts(at),
    ledgers,
  };
}

interface LedgerLine extends JsonObject {
  readonly owedUsd: number;
}

/** Of a refund nothing is owed: it lessens what the sale owes. */
function ledgersOf(session: Session): LedgerLine[] {
  const { uuid, terms, refund, createdAt, completedAt = createdAt } = session;
  const paidUsd = amountOf(terms);
  const given = refund?.status === 'approved' ? refund : undefined;
  const givenUsd = given === undefined ? 0 : refundedUsd(paidUsd, given);
  const owedUsd = Math.max(
    0,
    Math.round((paidUsd - givenUsd - feeOf(paidUsd - givenUsd)) * 1e6) / 1e6,
  );
  const { id: currencyId } = currencyOf(session);
  const sale = ledgerLine({
    currencyId,
    txUuid: uuid,
    type: terms.txType,
    description: terms.productName,
    amount: paidUsd,
    owedUsd,
    at: completedAt,
  });
  if (given === undefined) return [sale];
  const back = ledgerLine({
    currencyId,
    txUuid: uuid,
    type: 'refund',
    description: given.reason,
    refundedTxUuid: given.txUuid,
    amount: -givenUsd,
    owedUsd: 0,
    at: given.respondedAt ?? given.createdAt,
  });
  return [sale, back];
}

function ledgerLine({
  at,
  owedUsd,
  ...line
}: JsonObject & { readonly at: number; readonly owedUsd: number }): LedgerLine {
  return {
    ...line,
    metadata: chainFacts(at),
    owedMinUnits: minUnits(owedUsd),
    owedUsd,
    createdAt: rfc3339(at),
  };
}
