import { add, type Decimal, multiply, negate, subtract, ZERO } from "@cloister/model";
import { type Account, balanceOf, positionOf } from "../ledger/account.ts";
import { archiveKept, keepTail, type Ledger } from "../ledger/ledger.ts";
import type { Builder, Order } from "../ledger/order.ts";
import { printDecimal, sideLetter } from "../print.ts";
import { builderFeeOf, feeOf } from "./fees.ts";
import type { WireFill, WireLiquidation } from "./fill.ts";
import { addBalance, addCash } from "./funds.ts";
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
  if (builder !== undefined && built !== undefined) {
    payBuilder(ledger, builder, (to) => addCash(to, dex, built), { purse: `dex ${dex}`, built });
  }
  return {
    startPosition: before.size,
    dir: change.dir,
    closedPnl: change.closedPnl,
    fee,
    ...(built === undefined ? {} : { builderFee: built }),
    feeToken: "USDC",
  };
}

/** Spot: tokens change hands, the fee is taken from what is received (protocol §4.2); builders earn of sales only. */
function moveSpot(ledger: Ledger, account: Account, part: Part): Effect {
  const { deal } = part;
  const { asset, isBuy, builder } = part.order.terms;
  const token = asset.token?.name ?? "";
  const startPosition = balanceOf(account, token);
  const value = multiply(deal.price, deal.size);
  const { spotTaker, spotMaker } = ledger.rules.fees;
  const received = isBuy ? deal.size : value;
  const own = isFree(part) ? ZERO : feeOf(received, part.crossed ? spotTaker : spotMaker, 8);
  const built =
    builder === undefined || isBuy ? undefined : builderFeeOf(value, builder.tenthBps, 8);
  const fee = add(own, built ?? ZERO);
  const feeToken = isBuy ? token : "USDC";
  addBalance(account, token, isBuy ? subtract(deal.size, fee) : negate(deal.size));
  addBalance(account, "USDC", isBuy ? negate(value) : subtract(value, fee));
  addToHouse(ledger, `spot ${feeToken}`, own);
  if (builder !== undefined && built !== undefined) {
    payBuilder(ledger, builder, (to) => addBalance(to, "USDC", built), {
      purse: "spot USDC",
      built,
    });
  }
  return {
    startPosition,
    dir: isBuy ? "Buy" : "Sell",
    closedPnl: ZERO,
    fee,
    ...(built === undefined ? {} : { builderFee: built }),
    feeToken,
  };
}

/** What the exchange does by itself, and who is liquidated, is not charged. */
function isFree({ system, order }: Part): boolean {
  return system !== undefined || order.liquidation !== undefined;
}

/** A builder that has no account here leaves it with the exchange. */
function payBuilder(
  ledger: Ledger,
  builder: Builder,
  pay: (account: Account) => void,
  share: { purse: string; built: Decimal },
): void {
  const account = ledger.accounts.get(builder.address);
  if (account === undefined) addToHouse(ledger, share.purse, share.built);
  else pay(account);
}
