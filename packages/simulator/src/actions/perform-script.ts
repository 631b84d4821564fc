import { endOrder, recordOrder, tellStatus } from "../ledger/ledger.ts";
import type { Action } from "./action.ts";
import { type ActionAnswer, listed, refused } from "./answers.ts";
import { perform } from "./perform.ts";
import type { Script, ScriptedSaying } from "./script.ts";
import { termsOf, type Work } from "./work.ts";

/** Performs an action as a script says. */
export function performScript(work: Work, action: Action, script: Script): ActionAnswer {
  switch (script.kind) {
    case "answer":
      if (script.executed) perform(work, action);
      return sayingOf(action, script.says);
    case "reject":
      return action.type === "order" ? rejectAll(work, action, script) : perform(work, action);
  }
}

/** What a script says to an action, in the shape of its answers (protocol §7.1). */
export function sayingOf(action: Action, says: ScriptedSaying): ActionAnswer {
  if ("refusal" in says) return refused(says.refusal);
  const list = listOf(action);
  if ("statuses" in says) return listed(list?.type ?? "order", says.statuses);
  if (list === undefined) return refused(says.error);
  const { error } = says;
  return listed(
    list.type,
    Array.from({ length: says.each ? list.count : 1 }, () => ({ error })),
  );
}

function listOf(action: Action): { type: "order" | "cancel"; count: number } | undefined {
  if (action.type === "order") return { type: "order", count: action.orders.length };
  if (action.type === "batchModify") return { type: "order", count: action.modifies.length };
  return action.type === "cancel" ? { type: "cancel", count: action.cancels.length } : undefined;
}

function rejectAll(
  work: Work,
  action: Extract<Action, { type: "order" }>,
  script: Extract<Script, { kind: "reject" }>,
): ActionAnswer {
  const { ledger, account } = work;
  const ofPosition = action.grouping === "positionTpsl";
  const batch = action.orders.map((ask) => termsOf(ledger, ask, ofPosition));
  const unfit = batch.find((terms) => typeof terms === "string");
  if (unfit !== undefined) return listed("order", [{ error: unfit }]);
  for (const terms of batch) {
    if (typeof terms === "string") continue;
    tellStatus(ledger, recordOrder(ledger, account, terms), script.status);
  }
  return sayingOf(action, { error: script.error, each: true });
}

/** Ends live orders of an account, or of everybody whose orders are not the background's, oldest first. */
export function endLiveOrders(
  ledger: Work["ledger"],
  script: {
    readonly status: Parameters<typeof endOrder>[2];
    readonly count: number;
    readonly account?: string;
  },
): void {
  const wanted = [...ledger.accounts.values()].filter(({ address, background }) =>
    script.account === undefined ? !background : address === script.account,
  );
  const orders = wanted
    .flatMap(({ open }) => [...open.values()])
    .sort((one, other) => one.placedAtMs - other.placedAtMs);
  for (const order of orders.slice(0, script.count)) {
    // One of them may have ended with another of them.
    if (order.open) endOrder(ledger, order, script.status);
  }
}
