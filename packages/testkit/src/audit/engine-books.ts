import type { Engine, FillView, OrderHandle } from "@cloister/engine";
import { type Change, type Cloid, isLive, type OrderState, parseDecimal } from "@cloister/model";
import type { BookFill, BookOrder, Books, BookState } from "./books.ts";

/** What the engine said of itself since this was asked for: it forgets ended orders, an audit must not. */
export type EngineRecord = {
  /** Every order it placed, every fill it booked and its positions now. @throws when its ticks were missed. */
  books(): Books;
  readonly fillCount: number;
  /** How many orders were refused, by cause. */
  rejections(): ReadonlyMap<string, number>;
  stop(): void;
};

export type RecordedEngine = Pick<Engine, "ticks$" | "fills$" | "order" | "positions">;

type Recorded = { readonly handle: OrderHandle; state: OrderState };

export function recordEngine(engine: RecordedEngine): EngineRecord {
  const orders = new Map<Cloid, Recorded>();
  const fills: BookFill[] = [];
  let missed: unknown;
  const hear = (change: Change): void => {
    const known = orders.get(change.cloid);
    if (known !== undefined) {
      if (change.to !== "reaped") known.state = change.to;
      return;
    }
    const handle = engine.order(change.cloid);
    if (handle !== undefined) orders.set(change.cloid, { handle, state: change.to });
  };
  const ticks = engine.ticks$.subscribe({
    next: (tick) => tick.changes.forEach(hear),
    error: (error: unknown) => {
      missed = error;
    },
  });
  const booked = engine.fills$.subscribe((fill) => fills.push(bookFill(fill)));
  return {
    books() {
      if (missed !== undefined) throw new Error("the record has a gap", { cause: missed });
      const positions = engine.positions.map(
        ({ coin, size }) => [coin, parseDecimal(size)] as const,
      );
      return {
        orders: [...orders.values()].map(bookOrder),
        fills: [...fills],
        positions: new Map(positions),
      };
    },
    get fillCount() {
      return fills.length;
    },
    rejections() {
      const counts = new Map<string, number>();
      for (const { handle, state } of orders.values()) {
        if (state !== "rejected") continue;
        const cause = handle.view().cause ?? "unknown";
        counts.set(cause, (counts.get(cause) ?? 0) + 1);
      }
      return counts;
    },
    stop() {
      ticks.unsubscribe();
      booked.unsubscribe();
    },
  };
}

function bookOrder({ handle, state }: Recorded): BookOrder {
  const { filled, oids } = handle.view();
  return { cloid: handle.cloid, state: bookState(state), filled: parseDecimal(filled), oids };
}

function bookState(state: OrderState): BookState {
  if (isLive(state)) return "live";
  return state === "filled" || state === "rejected" ? state : "canceled";
}

function bookFill(fill: FillView): BookFill {
  return {
    coin: fill.coin,
    side: fill.side,
    price: parseDecimal(fill.price),
    size: parseDecimal(fill.size),
    oid: fill.oid,
    tid: fill.tid,
    at: fill.at,
    fee: parseDecimal(fill.fee),
    feeToken: fill.feeToken,
  };
}
