import {
  add,
  type Address,
  type Decimal,
  decimalOf,
  divideCut,
  maxDecimal,
  multiply,
  roundSize,
  signOf,
  ZERO,
} from "@cloister/model";
import { type Account, createAccount, positionOf } from "../ledger/account.ts";
import { type Ledger, markOf } from "../ledger/ledger.ts";
import { freeMargin, leverageOf, marginFor, marginOf } from "../market/funds.ts";
import { absolute } from "../market/position.ts";
import type { Asset } from "../market/universe.ts";
import { printDecimal } from "../print.ts";
import { forUser, MALFORMED, value } from "./answer.ts";
import { leverageView } from "./clearinghouse.ts";

/** Leverage and what could be traded now, of one perpetual. */
export const activeAssetData = forUser((core, { user, account, request }) => {
  const { coin } = request;
  if (typeof coin !== "string") return MALFORMED;
  const asset = core.ledger.universe.byCoin(coin);
  if (asset === undefined || asset.token !== undefined) return value(null);
  return value(activeAssetView(core.ledger, { user, account }, asset));
});

export function activeAssetView(
  ledger: Ledger,
  of: { user: Address; account: Account | undefined },
  asset: Asset,
): object {
  const account = of.account ?? nobody(of.user);
  const mark = markOf(ledger, asset);
  const leverage = leverageOf(account, asset);
  const available = [true, false].map((isBuy) => availableTo(ledger, account, { asset, isBuy }));
  const sizes = available.map((money) =>
    roundSize(asset.market, divideCut(multiply(money, decimalOf(leverage.value)), mark, 8), "down"),
  );
  return {
    user: of.user,
    coin: asset.coin,
    leverage: leverageView(leverage, positionOf(account, asset.coin)),
    maxTradeSzs: sizes.map(printDecimal),
    availableToTrade: available.map(printDecimal),
    markPx: printDecimal(mark),
  };
}

/** Free money, and the margin of a position that would be closed first. */
function availableTo(
  ledger: Ledger,
  account: Account,
  trade: { asset: Asset; isBuy: boolean },
): Decimal {
  const { asset, isBuy } = trade;
  const free = maxDecimal(ZERO, freeMargin(marginOf(ledger, account, asset.market.dex)));
  const { size } = positionOf(account, asset.coin);
  if (signOf(size) === 0 || signOf(size) > 0 === isBuy) return free;
  const worth = multiply(absolute(size), markOf(ledger, asset));
  return add(free, marginFor(worth, leverageOf(account, asset)));
}

function nobody(address: Address): Account {
  return createAccount({ address, kind: "user", background: false, funded: false });
}
