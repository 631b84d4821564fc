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
    if (isBeingCanceled(order)) continue;
    const unsent = unsentPlace(order, wanted, ports.requests);
    if (unsent === undefined) toCancel.push(order);
    else ports.requests.tell(unsent, { type: "command.withdraw" });
  }
  for (let from = 0; from < toCancel.length; from += ports.limits.batchMax) {
    ports.cancels.begin(ports.nextId(), toCancel.slice(from, from + ports.limits.batchMax));
  }
}

function isBeingCanceled(order: TrackedOrder): boolean {
  for (const { kind } of order.requests.values()) if (kind === "cancel") return true;
  return false;
}

/** The place of the order, when not a byte of it left and everything in it is to be canceled. */
function unsentPlace(
  order: TrackedOrder,
  wanted: ReadonlySet<TrackedOrder>,
  requests: RequestDesk,
): number | undefined {
  for (const { id, kind, describe } of order.requests.values()) {
    if (kind !== "place" || (describe() !== "queued" && describe() !== "signing")) continue;
    return requests.ordersOf(id).every((sibling) => wanted.has(sibling)) ? id : undefined;
  }
  return undefined;
}
