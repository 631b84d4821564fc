import { acknowledgedOf, ledgerOf, missingOf } from "@cloister/machines";
import { type Change, isLive, type ModifySpec, ZERO } from "@cloister/model";
import type { Observable } from "rxjs";
import type {
  Acknowledged,
  Canceled,
  Closed,
  Modified,
  OrderActorView,
  OrderHandle,
} from "../api.ts";
import type { TrackedOrder } from "../registry/tracked-order.ts";
import { closedView, orderView } from "./views.ts";

/** What a handle needs of its engine. */
export type HandlePorts = {
  readonly isStopped: () => boolean;
  readonly changes: (order: TrackedOrder) => Observable<Change>;
  readonly modify: (order: TrackedOrder, spec: ModifySpec) => Promise<Modified>;
  readonly cancel: (order: TrackedOrder) => Promise<Canceled>;
};

const CLOSED = "the engine was closed";

/** One order's handle. Its promises are made on first use: an order nobody asks about costs none. */
export function orderHandle(order: TrackedOrder, ports: HandlePorts): OrderHandle {
  let acknowledged: Promise<Acknowledged> | undefined;
  let closed: Promise<Closed> | undefined;
  return {
    cloid: order.cloid,
    tag: order.tag,
    get acknowledged() {
      acknowledged ??= whenKnown(order, () => acknowledgement(order, ports.isStopped()));
      return acknowledged;
    },
    get closed() {
      closed ??= whenKnown(order, () =>
        isClosed(order) || ports.isStopped() ? closedView(order) : undefined,
      );
      return closed;
    },
    get changes$() {
      return ports.changes(order);
    },
    actor: actorView(order),
    get timings() {
      return order.traces.map((trace) => trace.timing());
    },
    view: () => orderView(order),
    modify: (spec) => ports.modify(order, spec),
    cancel: () => ports.cancel(order),
  };
}

/** Resolves once `answer` gives one: now, or after a change of the order. */
export function whenKnown<T>(order: TrackedOrder, answer: () => T | undefined): Promise<T> {
  return new Promise((resolve) => {
    const watcher = (): boolean => {
      const known = answer();
      if (known === undefined) return false;
      resolve(known);
      return true;
    };
    if (!watcher()) order.watchers.add(watcher);
  });
}

/** What a cancel came to: settled when the order has ended and nothing of it is open or known to be missing. */
export function cancellation(order: TrackedOrder, isStopped: boolean): Canceled | undefined {
  if (!isLive(order.state) && !order.isUnsettled && (isStopped || !isOwed(order))) {
    return { kind: "settled", state: order.endState, filled: orderView(order).filled };
  }
  if (order.stuck !== undefined) return { kind: "unresolved", doubt: order.stuck };
  return isStopped ? { kind: "unresolved", doubt: CLOSED } : undefined;
}

function acknowledgement(order: TrackedOrder, isStopped: boolean): Acknowledged | undefined {
  const known = acknowledgedOf(order.facts);
  if (known?.kind === "accepted") {
    const { oid } = known;
    return {
      kind: "accepted",
      ...(oid === undefined ? {} : { oid }),
      atMs: order.facts.verdicts.sentAt ?? 0,
    };
  }
  if (known !== undefined && (isStopped || !isTextAwaited(order, known))) {
    const { by, cause, text } = known;
    return { kind: "refused", by, reason: cause, ...(text === undefined ? {} : { text }) };
  }
  if (order.exhausted !== undefined) return { kind: "unresolved", doubt: order.exhausted };
  return isStopped ? { kind: "unresolved", doubt: CLOSED } : undefined;
}

/** The venue stated more than the fills that came: what was filled would be told too low. */
function isOwed({ facts }: TrackedOrder): boolean {
  return missingOf(facts) !== ZERO && ledgerOf(facts) === "open";
}

/** A stream names the reason of a refusal, only the answer its text: that is on its way while the request is open. */
function isTextAwaited(
  { exhausted, requests }: TrackedOrder,
  { by, text }: { readonly by: "local" | "venue"; readonly text: string | undefined },
): boolean {
  return by === "venue" && text === undefined && requests.size > 0 && exhausted === undefined;
}

/** Ended, with a decided ledger and nothing open. */
function isClosed(order: TrackedOrder): boolean {
  return !isLive(order.state) && ledgerOf(order.facts) !== "open" && order.requests.size === 0;
}

/** Only what cannot change the order. */
function actorView(order: TrackedOrder): OrderActorView {
  return {
    id: order.cloid,
    getSnapshot: () => order.snapshot,
    subscribe: (listener) => ({ unsubscribe: order.subscribe(listener) }),
  };
}
