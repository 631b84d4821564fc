import type { Account } from "../ledger/account.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Group, Order, OrderTerms } from "../ledger/order.ts";
import { awaitParent, type PlaceStatus, placeOrder, refuse, runOrder, takeIn } from "./place.ts";
import type { Refusal } from "./refusal.ts";
import { runtimeRefusal } from "./rules.ts";

/** How the orders of an action belong together (protocol §6.2). */
export type Grouping = "na" | "normalTpsl" | "positionTpsl";

const MISFIT = "Invalid TP/SL grouping.";

/** The static text for a batch that cannot be such a group. */
export function groupRefusal(grouping: Grouping, batch: readonly OrderTerms[]): string | undefined {
  const [first, ...rest] = batch;
  if (grouping === "na" || first === undefined) return undefined;
  const stands = first.trigger !== undefined;
  if (grouping === "positionTpsl" && !stands) return MISFIT;
  const fits = rest.every(
    ({ asset, isBuy, trigger }) =>
      trigger !== undefined && asset === first.asset && (isBuy === first.isBuy) === stands,
  );
  return fits ? undefined : MISFIT;
}

/** Places a batch; gives a status for each order. */
export function placeBatch(
  ledger: Ledger,
  account: Account,
  asked: { grouping: Grouping; batch: readonly OrderTerms[] },
): readonly PlaceStatus[] {
  const { grouping, batch } = asked;
  const [first, ...rest] = batch;
  if (grouping === "normalTpsl" && first !== undefined && first.trigger === undefined) {
    return placeFamily(ledger, account, { parent: first, children: rest });
  }
  if (grouping === "na") return batch.map((terms) => placeOrder(ledger, account, { terms }));
  return placeSiblings(ledger, account, asked);
}

/** TP/SL orders without a parent wait for the mark price at once. */
function placeSiblings(
  ledger: Ledger,
  account: Account,
  asked: { grouping: Grouping; batch: readonly OrderTerms[] },
): PlaceStatus[] {
  const protects = asked.grouping === "positionTpsl" ? "position" : "order";
  const group: Group = { protects, children: [] };
  return asked.batch.map((terms, at) =>
    placeOrder(ledger, account, { terms, seat: { group, at } }),
  );
}

/** A parent runs when its children are on record: what becomes of it decides about them (protocol §7.1). */
function placeFamily(
  ledger: Ledger,
  account: Account,
  asked: { parent: OrderTerms; children: readonly OrderTerms[] },
): PlaceStatus[] {
  const parent = takeIn(ledger, account, asked.parent);
  if (typeof parent === "string") return [parent, ...asked.children].map(() => ({ error: parent }));
  const group: Group = { protects: "order", parent, children: [] };
  parent.group = group;
  const births = asked.children.map((terms) => bear(ledger, account, { terms, group }));
  const status = runOrder(ledger, account, { order: parent });
  standBehind(account, group.children);
  return [status, ...births.map((birth) => childStatus(ledger, birth))];
}

/** The list of open orders begins with the oldest: children come after the parent that came to rest. */
function standBehind(account: Account, children: readonly Order[]): void {
  for (const child of children) {
    if (account.open.delete(child.oid)) account.open.set(child.oid, child);
  }
}

type Birth = { readonly order: Order; readonly refusal: Refusal | undefined } | string;

function bear(ledger: Ledger, account: Account, asked: { terms: OrderTerms; group: Group }): Birth {
  const { terms, group } = asked;
  const order = takeIn(ledger, account, terms);
  if (typeof order === "string") return order;
  order.group = group;
  const refusal = runtimeRefusal(ledger, account, { terms, order });
  if (refusal === undefined) {
    group.children.push(order);
    awaitParent(account, order);
  }
  return { order, refusal };
}

/** A child of a parent that came to nothing was taken, and canceled with it. */
function childStatus(ledger: Ledger, birth: Birth): PlaceStatus {
  if (typeof birth === "string") return { error: birth };
  const { order, refusal } = birth;
  if (refusal !== undefined) return refuse(ledger, order, refusal);
  return order.waits ? "waitingForTrigger" : "waitingForFill";
}
