/**
 * The floor: what a careful person writes by hand for one strategy, a Map and a switch. It keeps no evidence,
 * knows no doubt, loses what it does not expect, and has no clock. Its numbers are scaled integers.
 */
type FloorState = "pending" | "resting" | "partiallyFilled" | "filled";

type FloorOrder = {
  state: FloorState;
  oid: number;
  size: number;
  filled: number;
  trades: Set<number>;
};

export class FloorTracker {
  readonly #byCloid = new Map<string, FloorOrder>();
  readonly #byOid = new Map<number, FloorOrder>();
  position = 0;

  get live(): number {
    return this.#byCloid.size;
  }

  submit(cloid: string, size: string): void {
    this.#byCloid.set(cloid, {
      state: "pending",
      oid: 0,
      size: scaled(size),
      filled: 0,
      trades: new Set(),
    });
  }

  take(frame: FloorFrame): void {
    switch (frame.channel) {
      case "post":
        for (const { resting } of frame.data.response.payload.response.data.statuses) {
          this.#ack(resting);
        }
        return;
      case "userFills":
        for (const fill of frame.data.fills) this.#fill(fill);
    }
  }

  reap(cloid: string): void {
    const order = this.#byCloid.get(cloid);
    if (order?.state !== "filled") throw new Error(`${cloid} is not filled`);
    this.#byCloid.delete(cloid);
    this.#byOid.delete(order.oid);
  }

  #ack({ oid, cloid }: { oid: number; cloid: string }): void {
    const order = this.#byCloid.get(cloid);
    if (order === undefined) return;
    order.oid = oid;
    if (order.state === "pending") order.state = "resting";
    this.#byOid.set(oid, order);
  }

  #fill({ oid, tid, sz }: { oid: number; tid: number; sz: string }): void {
    const order = this.#byOid.get(oid);
    if (order === undefined || order.trades.has(tid)) return;
    order.trades.add(tid);
    const size = scaled(sz);
    order.filled += size;
    this.position += size;
    order.state = order.filled >= order.size ? "filled" : "partiallyFilled";
  }
}

export type FloorFrame =
  | {
      readonly channel: "post";
      readonly data: {
        readonly response: {
          readonly payload: {
            readonly response: {
              readonly data: {
                readonly statuses: readonly { readonly resting: { oid: number; cloid: string } }[];
              };
            };
          };
        };
      };
    }
  | {
      readonly channel: "userFills";
      readonly data: { readonly fills: readonly { oid: number; tid: number; sz: string }[] };
    };

/** "0.0004" in units of 1e-8. */
function scaled(text: string): number {
  const dot = text.indexOf(".");
  if (dot < 0) return Number(text) * 100_000_000;
  const fraction = text.slice(dot + 1).padEnd(8, "0");
  return Number(text.slice(0, dot)) * 100_000_000 + Number(fraction);
}
