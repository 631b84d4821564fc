import {
  compare,
  type Decimal,
  divideCut,
  multiply,
  signOf,
  subtract,
  ZERO,
} from "@cloister/model";
import { hasOnly, isWhole, type JsonObject } from "../json.ts";
import { positionOf } from "../ledger/account.ts";
import { markOf } from "../ledger/ledger.ts";
import { leverageOf, marginFor } from "../market/funds.ts";
import { absolute } from "../market/position.ts";
import { freeIn } from "../market/purse.ts";
import { addOwnCash, isolatedEquity } from "../market/settle.ts";
import type { Asset } from "../market/universe.ts";
import type { ReadAction } from "./action.ts";
import { type ActionAnswer, DONE, refused } from "./answers.ts";
import type { MoneyAction } from "./money-action.ts";
import { readAmount } from "./read-order.ts";
import { millionths } from "./transfer.ts";
import type { Work } from "./work.ts";

export function readUpdateIsolatedMargin(value: JsonObject): ReadAction | undefined {
  const { asset, isBuy, ntli } = value;
  if (!hasOnly(value, ["type", "asset", "isBuy", "ntli"])) return undefined;
  if (!isWhole(asset) || typeof isBuy !== "boolean") return undefined;
  if (typeof ntli !== "number" || !Number.isSafeInteger(ntli)) return undefined;
  const type = "updateIsolatedMargin";
  return {
    action: { type, assetId: asset, amount: millionths(ntli) },
    canonical: { type, asset, isBuy, ntli },
  };
}

export function readTopUpIsolatedOnlyMargin(value: JsonObject): ReadAction | undefined {
  const { asset, leverage: text } = value;
  const leverage = readAmount(text);
  if (!hasOnly(value, ["type", "asset", "leverage"])) return undefined;
  if (!isWhole(asset) || leverage === undefined || signOf(leverage) === 0) return undefined;
  const type = "topUpIsolatedOnlyMargin";
  return {
    action: { type, assetId: asset, leverage },
    canonical: { type, asset, leverage: text },
  };
}

/** Money to an isolated position, or back from it. */
export function updateIsolatedMargin(
  work: Work,
  { assetId, amount }: Extract<MoneyAction, { type: "updateIsolatedMargin" }>,
): ActionAnswer {
  const asset = isolatedAsset(work, assetId);
  return asset === undefined ? refused(NO_POSITION) : moveMargin(work, asset, amount);
}

/** As much money to an isolated position as brings it down to a leverage. */
export function topUpIsolatedMargin(
  work: Work,
  { assetId, leverage }: Extract<MoneyAction, { type: "topUpIsolatedOnlyMargin" }>,
): ActionAnswer {
  const asset = isolatedAsset(work, assetId);
  if (asset === undefined) return refused(NO_POSITION);
  const position = positionOf(work.account, asset.coin);
  const mark = markOf(work.ledger, asset);
  const worth = multiply(absolute(position.size), mark);
  const missing = subtract(divideCut(worth, leverage, 6), isolatedEquity(position, mark));
  if (signOf(missing) <= 0) return refused("Position already has a lower leverage.");
  return moveMargin(work, asset, missing);
}

const NO_POSITION = "Cannot update isolated margin without an isolated position.";

function isolatedAsset({ ledger, account }: Work, assetId: number): Asset | undefined {
  const asset = ledger.universe.byId(assetId);
  if (asset === undefined || positionOf(account, asset.coin).ownCash === undefined) {
    return undefined;
  }
  return asset;
}

/** Neither side may be left with less than it needs. */
function moveMargin({ ledger, account }: Work, asset: Asset, amount: Decimal): ActionAnswer {
  const position = positionOf(account, asset.coin);
  const mark = markOf(ledger, asset);
  const needed = marginFor(multiply(absolute(position.size), mark), leverageOf(account, asset));
  const spare = subtract(isolatedEquity(position, mark), needed);
  const free =
    compare(amount, ZERO) > 0
      ? freeIn(ledger, account, { kind: "dex", dex: asset.market.dex })
      : spare;
  if (compare(absolute(amount), free) > 0) {
    return refused(
      signOf(amount) > 0
        ? "Insufficient margin to add to isolated position."
        : "Isolated position needs its margin.",
    );
  }
  addOwnCash(ledger, account, { asset, amount });
  return DONE;
}
