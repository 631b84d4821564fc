import {
  type Clock,
  type Command,
  isLive,
  type OrderTerms,
  type RefuseCause,
} from "@cloister/model";
import type { Budgets } from "../budgets/budgets.ts";
import type { RiskLimits } from "../restraints/risk-limits.ts";
import { requestTimings } from "./modify-desk.ts";
import type { Limits } from "../options.ts";
import type { OrderDesk } from "../registry/order-desk.ts";
import type { Gate } from "./gatekeeper.ts";
import type { RequestDesk } from "./request-desk.ts";
import type { Restraint } from "./restraint.ts";
import type { Slots } from "./slots.ts";
import type { Composed } from "./tracked-request.ts";
import type { TrackedOrder } from "../registry/tracked-order.ts";
import type { VenueHour } from "../reads/venue-hour.ts";

type PlaceCommand = Extract<Command, { kind: "place" }>;

type Ports = {
  readonly clock: Clock;
  readonly hour: VenueHour;
  readonly limits: Limits;
  readonly slots: Slots;
  readonly orders: OrderDesk;
  readonly requests: RequestDesk;
  readonly gate: Gate;
  readonly restraint: Restraint;
  readonly budgets: Budgets;
  readonly risk: RiskLimits;
  /** A cancelAll is sweeping orders of this kind. */
  readonly isSwept: (terms: OrderTerms) => boolean;
};

type Refusal = { readonly cause: RefuseCause; readonly text?: string };

/** A place waits for what passes: the streams may be there in time, the nonce decided, the clock set right. */
const PASSES: ReadonlySet<RefuseCause> = new Set(["recovering", "signerShared", "clockSkew"]);

/** Takes places: judged by the rules that depend on state, then queued for a slot as one request. */
export class PlaceDesk {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  begin(command: PlaceCommand, orders: readonly TrackedOrder[]): void {
    for (const order of orders) this.#ports.orders.open(order, command.id);
    const refused = this.#refusal(command);
    if (refused === undefined) {
      this.#request(command, orders);
      return;
    }
    // One request, one fate: part of a group would be another order than was asked for.
    for (const order of orders) {
      this.#ports.orders.tell(order, { type: "local.refused", ...refused });
    }
  }

  #refusal(command: PlaceCommand): Refusal | undefined {
    const { gate, isSwept, restraint, risk } = this.#ports;
    const { open, why } = gate("place", false);
    if (!open && !PASSES.has(why)) return { cause: why };
    for (const { terms } of command.orders) {
      const restrained = restraint.refusal(terms);
      if (restrained !== undefined) return { cause: restrained };
    }
    if (command.orders.some(({ terms }) => isSwept(terms))) return { cause: "barrier" };
    return this.#ceiling(command) ?? risk.refusesPlace(command.orders, command.references);
  }

  /** The venue takes only so many open orders; these are in the book already, so they count themselves. */
  #ceiling({ orders }: PlaceCommand): Refusal | undefined {
    const { budgets } = this.#ports;
    const isFull = orders.some(({ terms }, index) => budgets.isFull(terms, index - orders.length));
    return isFull
      ? { cause: "tooManyOpenOrders", text: "the venue would take no more" }
      : undefined;
  }

  #request(command: PlaceCommand, orders: readonly TrackedOrder[]): void {
    const { clock, hour, limits, requests, slots } = this.#ports;
    const { id, grouping } = command;
    requests.begin({
      spec: {
        id,
        kind: "place",
        children: orders.map(({ cloid, terms }) => ({ cloid, size: terms.size })),
        commandMs: clock.monotonicMs(),
        notAfterMs: clock.monotonicMs() + command.expiresAfterMs,
        timings: requestTimings(limits),
        ...(command.onDoubt === undefined ? {} : { policy: command.onDoubt }),
      },
      orders,
      isBound: grouping === "normalTpsl",
      compose: (left) => composed(command, left),
      expiresAfter: hour.now() + command.expiresAfterMs,
      ended: () => undefined,
    });
    const grant = (): void => requests.tell(id, { type: "slot.granted" });
    slots.wait({ id, kind: "place", cost: orders.length, grant });
  }
}

/** The orders that are left, in their order: the answer speaks of each by its place. */
function composed(command: PlaceCommand, left: readonly TrackedOrder[]): Composed {
  if (!left.some(({ state }) => isLive(state))) return { kind: "refuse", cause: "withdrawn" };
  const wanted = new Set(left.map(({ cloid }) => cloid));
  const orders = command.orders.filter(({ cloid }) => wanted.has(cloid));
  const { grouping, builder } = command;
  const paid = builder === undefined ? {} : { builder };
  return { kind: "action", action: { kind: "place", orders, grouping, ...paid } };
}
