import {
  add,
  type Decimal,
  decimalOf,
  divideCut,
  multiply,
  negate,
  ONE,
  signOf,
  subtract,
} from "@cloister/model";
import { type Account, positionOf } from "../ledger/account.ts";
import { type Ledger, markOf } from "../ledger/ledger.ts";
import { maintenanceOf, marginOf, maxLeverageAt } from "./funds.ts";
import { absolute } from "./position.ts";
import type { Asset } from "./universe.ts";

/**
 * The mark price at which a position is liquidated while nothing else moves; undefined where no price does it.
 * Its margin tier is that of its value now.
 */
export function liquidationPriceOf(
  ledger: Ledger,
  account: Account,
  asset: Asset,
): Decimal | undefined {
  const { size, ownCash } = positionOf(account, asset.coin);
  if (signOf(size) === 0) return undefined;
  const worth = multiply(size, markOf(ledger, asset));
  const notional = absolute(worth);
  const maintenance = maintenanceOf(asset, notional);
  const { cross } = marginOf(ledger, account, asset.market.dex);
  // What covers it beside its own worth, less what the other positions need.
  const cover =
    ownCash ??
    subtract(subtract(cross.accountValue, worth), subtract(cross.maintenance, maintenance));
  const slope = divideCut(ONE, decimalOf(2 * maxLeverageAt(asset, notional)), 8);
  const deduction = subtract(multiply(slope, notional), maintenance);
  const steepness = subtract(size, multiply(slope, absolute(size)));
  const price = divideCut(negate(add(cover, deduction)), steepness, asset.market.priceDecimals);
  return signOf(price) > 0 ? price : undefined;
}
