import type { Action } from "./action.ts";
import { type ActionAnswer, DONE, listed, refused } from "./answers.ts";
import { approveAgent } from "./approve-agent.ts";
import { cancelOne } from "./cancel-one.ts";
import { modifyOrder } from "./modify.ts";
import { performMoney } from "./perform-money.ts";
import { placeOrders } from "./place-orders.ts";
import { inWords } from "./refusal-texts.ts";
import { reserveRequests } from "./reserve-requests.ts";
import { scheduleCancel } from "./schedule-cancel.ts";
import { updateLeverage } from "./update-leverage.ts";
import type { Work } from "./work.ts";

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
