import { type CloidMark, isMarked, type OrderReport, type Query } from "@cloister/model";
import type { Turn } from "../inbox/turn.ts";
import { cloidOf, termsOf } from "../registry/listed-order.ts";
import type { OrderDesk } from "../registry/order-desk.ts";
import type { Registry } from "../registry/registry.ts";
import type { TrackedOrder } from "../registry/tracked-order.ts";

type Ports = {
  readonly orders: OrderDesk;
  readonly registry: Registry;
  readonly mark: CloidMark;
  readonly policies: { readonly strangers: "watch" | "adopt" };
  readonly turn: () => Turn;
  readonly read: (query: Query) => void;
};

/** Fills are read from this much before the order was placed, venue ms. */
const BEFORE_MS = 5_000;

/** Takes orders into the book that the venue lists and that nobody here has placed. */
export class Adoption {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** The order as the list names it; its leg's evidence follows. Its earlier fills are read. */
  adopt(row: OrderReport): TrackedOrder {
    const { mark, orders, policies, read, registry, turn } = this.#ports;
    const { oid, placedAt } = row;
    const order = orders.prepare({ cloid: cloidOf(row), terms: termsOf(row) });
    const isMine = row.cloid !== undefined && isMarked(row.cloid, mark);
    // Whoever adopts strangers claims them.
    order.found = isMine || policies.strangers === "adopt" ? "ours" : "stranger";
    const isTold = registry.isOpenStranger(oid);
    orders.adopt(order, oid);
    orders.tell(order, { type: "request.sent", at: placedAt });
    if (!isTold && isMine) {
      turn().alarm("orphan", `leg ${oid} carries our mark; it was in nobody's book`, order.cloid);
    }
    read({ kind: "fills", fromMs: Math.max(0, placedAt - BEFORE_MS) });
    return order;
  }
}
