import { signOf } from "@cloister/model";
import { positionOf } from "../ledger/account.ts";
import { leverageOf } from "../market/funds.ts";
import type { Action } from "./action.ts";
import { type ActionAnswer, DONE, refused } from "./answers.ts";
import type { Work } from "./work.ts";

/** Chooses the leverage of a perpetual, and whether its position shares the account's money. */
export function updateLeverage(
  work: Work,
  action: Extract<Action, { type: "updateLeverage" }>,
): ActionAnswer {
  const asset = work.ledger.universe.byId(action.assetId);
  if (asset === undefined || asset.token !== undefined) return refused("Invalid perp");
  const { leverage, isCross } = action;
  if (leverage < 1 || leverage > asset.maxLeverage) return refused("Invalid leverage value");
  const before = leverageOf(work.account, asset);
  const { size, ownCash } = positionOf(work.account, asset.coin);
  if (signOf(size) !== 0 && (ownCash === undefined) !== isCross) {
    return refused("Cannot switch leverage type with open position.");
  }
  work.account.leverage.set(asset.coin, { isCross, value: leverage });
  if (before.value !== leverage || before.isCross !== isCross) {
    work.ledger.news.users.add(work.account.address);
  }
  return DONE;
}
