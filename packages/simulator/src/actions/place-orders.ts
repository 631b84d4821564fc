import type { OrderTerms } from "../ledger/order.ts";
import { builderFeeMost } from "../market/fees.ts";
import { groupRefusal, type Grouping, placeBatch } from "../market/groups.ts";
import { chargePriority, priorityRefusal } from "../market/priority.ts";
import type { Action } from "./action.ts";
import { type ActionAnswer, listed, refused } from "./answers.ts";
import { termsOf, type Work } from "./work.ts";

type OrderAction = Extract<Action, { type: "order" }>;

/** Static rules bind the whole batch: one error, nothing placed. Afterwards each order stands for itself. */
export function placeOrders(work: Work, action: OrderAction): ActionAnswer {
  if (action.orders.length === 0) return listed("order", [{ error: "Orders are empty." }]);
  const batch = batchOf(work, action);
  if (typeof batch === "string") return listed("order", [{ error: batch }]);
  if (!isApproved(work, action, batch)) {
    const text = "Builder fee has not been approved";
    return work.ledger.rules.builderRefusal === "perOrder"
      ? listed("order", [{ error: text }])
      : refused(text);
  }
  return listed("order", run(work, action, batch));
}

/** Whether the account's owner let the builder take as much, and the venue lets anybody (protocol §6.2). */
function isApproved(
  { ledger, account }: Work,
  { builder }: OrderAction,
  batch: readonly OrderTerms[],
): boolean {
  if (builder === undefined) return true;
  const owner = account.master === undefined ? account : ledger.accounts.get(account.master);
  const approved = owner?.builderFees.get(builder.address) ?? 0;
  return batch.every(
    ({ asset }) => builder.tenthBps <= Math.min(approved, builderFeeMost(asset.market.kind)),
  );
}

/** The terms of each order, or the text that refuses them all. */
function batchOf({ ledger, account }: Work, action: OrderAction): OrderTerms[] | string {
  const { grouping } = action;
  const batch: OrderTerms[] = [];
  for (const ask of action.orders) {
    const terms = termsOf(ledger, ask, grouping === "positionTpsl");
    if (typeof terms === "string") return terms;
    batch.push(action.builder === undefined ? terms : { ...terms, builder: action.builder });
  }
  const refusal =
    typeof grouping === "string"
      ? groupRefusal(grouping, batch)
      : priorityRefusal(ledger, account, { rate: grouping.p, batch });
  return refusal ?? batch;
}

function run(
  { ledger, account }: Work,
  action: OrderAction,
  batch: readonly OrderTerms[],
): readonly unknown[] {
  const { grouping } = action;
  const kind: Grouping = typeof grouping === "string" ? grouping : "na";
  const statuses = placeBatch(ledger, account, { grouping: kind, batch });
  if (typeof grouping !== "string") {
    chargePriority(ledger, account, { rate: grouping.p, batch, statuses });
  }
  return statuses;
}
