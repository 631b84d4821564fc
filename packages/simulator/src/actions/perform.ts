import {
  compare,
  decimalOf,
  multiply,
  negate,
  parseDecimal,
  signOf,
  subtract,
} from "@cloister/model";
import { type Account, positionOf } from "../ledger/account.ts";
import { addCash, leverageOf, marginOf } from "../market/funds.ts";
import { addToHouse } from "../market/house.ts";
import { endOrder, type Ledger } from "../ledger/ledger.ts";
import type { Action } from "./action.ts";
import { type ActionAnswer, DONE, listed, refused } from "./answers.ts";
import { approveAgent } from "./approve-agent.ts";
import { cancelOne } from "./cancel-one.ts";
import { modifyOrder } from "./modify.ts";
import { performMoney } from "./perform-money.ts";
import { inWords } from "./refusal-texts.ts";
import { placeOrders } from "./place-orders.ts";
import { untilTraded } from "./until-traded.ts";
import type { Work } from "./work.ts";

const SCHEDULE_AHEAD_MS = 5_000;
const DAY_MS = 24 * 3_600_000;
/** In USDC. */
const PRICE_OF_REQUEST = parseDecimal("0.0005");

/** Performs an admitted action (protocol §6.2) and says what is answered. */
export function perform(work: Work, action: Action): ActionAnswer {
  const answer = performed(work, action);
  if (answer.status === "err") return answer;
  const { type, data } = answer.response;
  if (typeof data !== "object" || !("statuses" in data)) return answer;
  const statuses = inWords(work.ledger.rules, data.statuses);
  return { status: "ok", response: { type, data: { statuses } } };
}

function performed(work: Work, action: Action): ActionAnswer {
  switch (action.type) {
    case "order":
      return placeOrders(work, action);
    case "cancel":
      if (action.cancels.length === 0 && work.ledger.rules.emptyCancels === "refused") {
        return listed("cancel", [{ error: "Orders are empty." }]);
      }
      return listed(
        "cancel",
        action.cancels.map((ask) => cancelOne(work, ask, action.fast)),
      );
    case "modify": {
      const status = modifyOrder(work, action.modify, false);
      if (typeof status === "string" || !("error" in status)) return DONE;
      return work.ledger.rules.failedModify === "err"
        ? refused(status.error)
        : listed("order", [status]);
    }
    case "batchModify":
      if (action.modifies.length === 0) return listed("order", [{ error: "Orders are empty." }]);
      return listed(
        "order",
        action.modifies.map((ask) => modifyOrder(work, ask, action.alwaysPlace)),
      );
    case "scheduleCancel":
      return scheduleCancel(work, action.timeMs);
    case "updateLeverage":
      return updateLeverage(work, action);
    case "reserveRequestWeight":
      return reserveRequests(work, action.weight);
    case "approveAgent":
      return approveAgent(work, action);
    case "noop":
      return DONE;
    case "usdSend":
    case "spotSend":
    case "withdraw3":
    case "usdClassTransfer":
    case "sendAsset":
    case "subAccountTransfer":
    case "subAccountSpotTransfer":
    case "updateIsolatedMargin":
    case "topUpIsolatedOnlyMargin":
    case "approveBuilderFee":
    case "setReferrer":
    case "registerReferrer":
    case "createSubAccount":
    case "subAccountModify":
    case "setDisplayName":
    case "evmUserModify":
    case "vaultTransfer":
    case "twapOrder":
    case "twapCancel":
      return performMoney(work, action);
  }
}

function scheduleCancel(work: Work, timeMs: number | undefined): ActionAnswer {
  const { account, ledger } = work;
  if (timeMs === undefined) {
    delete account.scheduledCancelMs;
    return DONE;
  }
  const required = ledger.rules.scheduleCancelVolume;
  if (compare(account.volume, required) < 0) {
    return refused(`Cannot set scheduled cancel time ${untilTraded(account, required)}`);
  }
  if (timeMs < ledger.news.atMs + SCHEDULE_AHEAD_MS) {
    return refused("Scheduled cancel time too early, must be at least 5 seconds from now.");
  }
  const fired = firedToday(ledger, account);
  if (fired >= ledger.limits.scheduledCancels) {
    return refused(`Cannot set scheduled cancel time, already triggered ${fired} times today.`);
  }
  account.scheduledCancelMs = timeMs;
  return DONE;
}

/** How often an account's dead man's switch ran out since 00:00 UTC. */
function firedToday(ledger: Ledger, account: Account): number {
  const { day, fired } = account.scheduledCancels;
  return day === dayOf(ledger) ? fired : 0;
}

/** Days since 1970, UTC. */
function dayOf(ledger: Ledger): number {
  return Math.floor(ledger.news.atMs / DAY_MS);
}

function updateLeverage(
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

/** Buys requests with the money of the first dex (protocol §6.2). */
function reserveRequests(work: Work, weight: number): ActionAnswer {
  const { account, ledger } = work;
  const price = multiply(PRICE_OF_REQUEST, decimalOf(weight));
  const { accountValue, used } = marginOf(ledger, account, "");
  if (compare(price, subtract(accountValue, used)) > 0) {
    return refused("Insufficient margin to reserve request weight.");
  }
  addCash(account, "", negate(price));
  addToHouse(ledger, "dex ", price);
  account.requestsReserved += weight;
  ledger.news.users.add(account.address);
  return DONE;
}

/** Cancels everything of accounts whose dead man's switch ran out. */
export function fireScheduledCancels(ledger: Ledger): void {
  for (const account of ledger.accounts.values()) {
    if (account.scheduledCancelMs === undefined || account.scheduledCancelMs > ledger.news.atMs) {
      continue;
    }
    delete account.scheduledCancelMs;
    account.scheduledCancels = { day: dayOf(ledger), fired: firedToday(ledger, account) + 1 };
    for (const order of account.open.values()) endOrder(ledger, order, "scheduledCancel");
  }
}
