import { add, type Decimal, multiply, negate, subtract, ZERO } from "@cloister/model";
import { type Account, balanceOf, positionOf } from "../ledger/account.ts";
import { archiveKept, keepTail, type Ledger } from "../ledger/ledger.ts";
import type { Builder, Order } from "../ledger/order.ts";
import { printDecimal, sideLetter } from "../print.ts";
import { builderFeeOf, feeOf } from "./fees.ts";
import type { WireFill, WireLiquidation } from "./fill.ts";
import { addBalance, addCash } from "./funds.ts";
import type { Purse } from "./purse.ts";
import { addToHouse } from "./house.ts";
import { settlePerp } from "./settle.ts";

/** One execution between two orders. */
export type Deal = {
  readonly price: Decimal;
  readonly size: Decimal;
  readonly tid: number;
  readonly hash: string;
  readonly liquidation?: WireLiquidation;
};

/** An account's side of a deal, beside its order. */
export type Side = {
  readonly deal: Deal;
  readonly crossed: boolean;
  /** A fill of the exchange's own making: what it is called. It costs nothing. */
  readonly system?: string;
};

type Effect = {
  readonly startPosition: Decimal;
  readonly dir: string;
  readonly closedPnl: Decimal;
  readonly fee: Decimal;
  readonly builderFee?: Decimal;
  readonly feeToken: string;
};

/** Moves what one side of a deal moves, and tells its owner of the fill. */
export function bookFill(ledger: Ledger, order: Order, side: Side): void {
  const account = ledger.accounts.get(order.owner);
  if (account === undefined) return;
  const { deal, crossed } = side;
  const { asset, isBuy, cloid } = order.terms;
  const effect =
    asset.token === undefined
      ? movePerp(ledger, account, { order, ...side })
      : moveSpot(ledger, account, { order, ...side });
  const fill: WireFill = {
    coin: asset.coin,
    px: printDecimal(deal.price),
    sz: printDecimal(deal.size),
    side: sideLetter(isBuy),
    time: ledger.news.atMs,
    startPosition: printDecimal(effect.startPosition),
    dir: side.system ?? effect.dir,
    closedPnl: printDecimal(effect.closedPnl),
    hash: deal.hash,
    oid: order.oid,
    crossed,
    fee: printDecimal(effect.fee),
    ...(effect.builderFee === undefined ? {} : { builderFee: printDecimal(effect.builderFee) }),
    tid: deal.tid,
    ...(cloid === undefined ? {} : { cloid }),
    ...(deal.liquidation === undefined ? {} : { liquidation: deal.liquidation }),
    feeToken: effect.feeToken,
    twapId: order.terms.twapId ?? null,
  };
  account.volume = add(account.volume, multiply(deal.price, deal.size));
  keepTail(account.fills, fill, archiveKept(ledger, account));
  ledger.news.tellFill(account.address, fill);
}

type Part = Side & { readonly order: Order };

/** Perpetual: the position moves, the fee is paid in collateral and cut after 6 digits. */
function movePerp(ledger: Ledger, account: Account, part: Part): Effect {
  const { deal } = part;
  const { asset, isBuy, builder } = part.order.terms;
  const { dex } = asset.market;
  const before = positionOf(account, asset.coin);
  const change = settlePerp(ledger, account, {
    asset,
    isBuy,
    size: deal.size,
    price: deal.price,
  });
  const value = multiply(deal.price, deal.size);
  const { perpTaker, perpMaker } = ledger.rules.fees;
  const own = isFree(part) ? ZERO : feeOf(value, part.crossed ? perpTaker : perpMaker, 6);
  const built = builder === undefined ? undefined : builderFeeOf(value, builder.tenthBps, 6);
  const fee = add(own, built ?? ZERO);
  addCash(account, dex, negate(fee));
  addToHouse(ledger, `dex ${dex}`, own);
  payBuilder(ledger, builder, { built, purse: { kind: "dex", dex } });
  return {
    startPosition: before.size,
    dir: change.dir,
    closedPnl: change.closedPnl,
    fee,
    ...(built === undefined ? {} : { builderFee: built }),
    feeToken: "USDC",
  };
}

/** Spot: tokens change hands, the fee is taken from what is received (protocol §4.2). */
function moveSpot(ledger: Ledger, account: Account, part: Part): Effect {
  const { deal } = part;
  const { asset, isBuy } = part.order.terms;
  const token = asset.token?.name ?? "";
  const startPosition = balanceOf(account, token);
  const value = multiply(deal.price, deal.size);
  const cost = spotCost(ledger, part, value);
  const received = isBuy ? deal.size : value;
  const feeToken = isBuy ? token : "USDC";
  addBalance(account, feeToken, subtract(received, cost.fee));
  addBalance(account, isBuy ? "USDC" : token, negate(isBuy ? value : deal.size));
  addToHouse(ledger, `spot ${feeToken}`, cost.own);
  const { built } = cost;
  payBuilder(ledger, part.order.terms.builder, { built, purse: { kind: "spot", token: feeToken } });
  return {
    startPosition,
    dir: isBuy ? "Buy" : "Sell",
    closedPnl: ZERO,
    fee: cost.fee,
    ...(built === undefined ? {} : { builderFee: built }),
    feeToken,
  };
}

type Cost = { readonly own: Decimal; readonly built: Decimal | undefined; readonly fee: Decimal };

/** In what is received; builders earn of sales only. */
function spotCost(ledger: Ledger, part: Part, value: Decimal): Cost {
  const { isBuy, builder } = part.order.terms;
  const { spotTaker, spotMaker } = ledger.rules.fees;
  const received = isBuy ? part.deal.size : value;
  const own = isFree(part) ? ZERO : feeOf(received, part.crossed ? spotTaker : spotMaker, 8);
  const built =
    builder === undefined || isBuy ? undefined : builderFeeOf(value, builder.tenthBps, 8);
  return { own, built, fee: add(own, built ?? ZERO) };
}

/** What the exchange does by itself, and who is liquidated, is not charged. */
function isFree({ system, order }: Part): boolean {
  return system !== undefined || order.liquidation !== undefined;
}

/** A builder that has no account here leaves it with the exchange. */
function payBuilder(
  ledger: Ledger,
  builder: Builder | undefined,
  share: { readonly built: Decimal | undefined; readonly purse: Purse },
): void {
  const { built, purse } = share;
  if (builder === undefined || built === undefined) return;
  const account = ledger.accounts.get(builder.address);
  if (purse.kind === "dex") {
    if (account === undefined) addToHouse(ledger, `dex ${purse.dex}`, built);
    else addCash(account, purse.dex, built);
  } else if (account === undefined) addToHouse(ledger, `spot ${purse.token}`, built);
  else addBalance(account, purse.token, built);
}
