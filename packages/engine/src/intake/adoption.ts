import {
  type Cloid,
  type CloidMark,
  isMarked,
  type Oid,
  type OrderReport,
  type OrderTerms,
  parseCloid,
  type Query,
} from "@cloister/model";
import type { Turn } from "../inbox/turn.ts";
import type { OrderDesk } from "../registry/order-desk.ts";
import type { Registry } from "../registry/registry.ts";
import type { TrackedOrder } from "../registry/tracked-order.ts";

type Ports = {
  readonly orders: OrderDesk;
  readonly registry: Registry;
  readonly mark: CloidMark;
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
    const { mark, orders, read, registry, turn } = this.#ports;
    const { oid, placedAt } = row;
    const order = orders.prepare({ cloid: cloidOf(row), terms: termsOf(row) });
    // Also one without our mark: whoever adopts strangers claims them.
    order.found = "ours";
    const isTold = registry.isOpenStranger(oid);
    orders.adopt(order, oid);
    orders.tell(order, { type: "request.sent", at: placedAt });
    if (!isTold && row.cloid !== undefined && isMarked(row.cloid, mark)) {
      turn().alarm("orphan", `leg ${oid} carries our mark; it was in nobody's book`, order.cloid);
    }
    read({ kind: "fills", fromMs: Math.max(0, placedAt - BEFORE_MS) });
    return order;
  }
}

/** The name of the order here. The venue lets orders do without; then one is made of its oid, and never sent for it. */
export function cloidOf({ cloid, oid }: { readonly cloid?: Cloid; readonly oid: Oid }): Cloid {
  return cloid ?? parseCloid(`0x${"ff".repeat(8)}${oid.toString(16).padStart(16, "0")}`);
}

/** Its terms as far as the venue tells them. */
export function termsOf(row: OrderReport): OrderTerms {
  const { coin, side, price, size, tif = "Gtc", reduceOnly = false } = row;
  const trigger = triggerOf(row);
  return Object.freeze({ coin, side, price, size, tif, reduceOnly, ...(trigger && { trigger }) });
}

/** A trigger order that has fired is an order like others. */
function triggerOf(row: OrderReport): OrderTerms["trigger"] {
  const { triggerPrice, triggerTerms } = row;
  if (triggerPrice === undefined || triggerTerms === undefined) return undefined;
  return { price: triggerPrice, ...triggerTerms };
}
