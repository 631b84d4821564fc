import { compare, type Decimal, signOf } from "@cloister/model";
import type { Group, Order, OrderStatus } from "./order.ts";

/** What becomes of an order because of another one. */
export type Fate = { readonly order: Order; readonly becomes: "live" | OrderStatus };

/** Ends that hit an account's orders as they are, children too. */
const SWEEPS: ReadonlySet<OrderStatus> = new Set([
  "scheduledCancel",
  "liquidatedCanceled",
  "delistedCanceled",
  "vaultWithdrawalCanceled",
]);

/**
 * What a new status of one order means for the others of its group (protocol §4.1, §5): a parent that filled
 * places its children, one that ended otherwise takes them along; a child that filled ends its siblings.
 */
export function fatesOf(order: Order, status: OrderStatus): readonly Fate[] {
  const { group } = order;
  if (group === undefined || status === "open" || status === "triggered") return [];
  if (group.parent === order) return childrenFates(group, order, status);
  if (status !== "filled") return [];
  return group.children
    .filter((sibling) => sibling !== order && sibling.open)
    .map((sibling) => ({ order: sibling, becomes: "siblingFilledCanceled" }));
}

function childrenFates(group: Group, parent: Order, status: OrderStatus): Fate[] {
  const becomes = placesChildren(parent, status)
    ? "live"
    : SWEEPS.has(status)
      ? status
      : "canceled";
  return group.children.filter(({ dormant }) => dormant).map((order) => ({ order, becomes }));
}

/** Only a parent that filled whole does, or one that filled in part before its margin was gone. */
function placesChildren(parent: Order, status: OrderStatus): boolean {
  if (status === "marginCanceled") return signOf(parent.filled) > 0;
  return status === "filled" && (filledWhole(parent) || parent.terms.reduceOnly);
}

function filledWhole({ filled, terms }: Order): boolean {
  return compare(filled, terms.size) === 0;
}

/** Whether a child has to wait: its parent is not filled, or did not even run yet. */
export function waitsForParent({ group }: Order): boolean {
  const parent = group?.parent;
  return parent !== undefined && (parent.open || parent.statuses.length === 0);
}

/** Where an order stands in its group; a new child stands behind the others. */
export type Seat = { readonly group: Group; readonly at: "parent" | number };

/** Takes an order out of its group without a word to the others; nothing where it has none. */
export function leaveSeat(order: Order): Seat | undefined {
  const { group } = order;
  if (group === undefined) return undefined;
  delete order.group;
  return { group, at: group.parent === order ? "parent" : group.children.indexOf(order) };
}

export function takeSeat(order: Order, { group, at }: Seat): void {
  order.group = group;
  if (at === "parent") group.parent = order;
  else group.children[at] = order;
}

/**
 * The price that a child's trigger is judged by while its parent is not filled: where the parent would fill,
 * its limit or the market, whichever is better for it.
 */
export function entryPrice(order: Order, mark: Decimal): Decimal {
  const parent = waitsForParent(order) ? order.group?.parent : undefined;
  if (parent === undefined || parent === order) return mark;
  const { isBuy, price } = parent.terms;
  const isBelow = compare(price, mark) < 0;
  return isBuy === isBelow ? price : mark;
}
