import { isLive } from "@cloister/model";
import type { CancelDesk } from "./cancel-desk.ts";
import type { ModifyDesk } from "./modify-desk.ts";
import type { Limits } from "../options.ts";
import type { RequestDesk } from "./request-desk.ts";
import type { TrackedOrder } from "../registry/tracked-order.ts";

type Ports = {
  readonly limits: Limits;
  readonly cancels: CancelDesk;
  readonly modifies: ModifyDesk;
  readonly requests: RequestDesk;
  readonly nextId: () => number;
};

/** Sees to it that these orders end: what was never sent is withdrawn, the rest is canceled, each once. */
export function cancelOrders(orders: readonly TrackedOrder[], ports: Ports): void {
  const wanted = new Set(orders);
  const toCancel: TrackedOrder[] = [];
  for (const order of wanted) {
    ports.modifies.drop(order, "withdrawn");
    if (!isLive(order.state) && !order.isUnsettled) continue;
    if (order.isBeingCanceled) continue;
    if (!ports.requests.withdraw(order)) toCancel.push(order);
  }
  for (let from = 0; from < toCancel.length; from += ports.limits.batchMax) {
    ports.cancels.begin(ports.nextId(), toCancel.slice(from, from + ports.limits.batchMax));
  }
}
