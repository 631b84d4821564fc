import type { Logger, VenueFact } from "@cloister/model";
import type { Budgets } from "./budgets/budgets.ts";
import type { Precautions } from "./restraints/precautions.ts";
import type { CancelDesk } from "./requests/cancel-desk.ts";
import type { Copies } from "./requests/copies.ts";
import type { Counters } from "./views/counters.ts";
import type { Gatekeeper } from "./requests/gatekeeper.ts";
import type { Inquiries } from "./reads/inquiries.ts";
import type { Intake } from "./intake/intake.ts";
import type { Lookout } from "./reads/lookout.ts";
import type { ModifyDesk } from "./requests/modify-desk.ts";
import type { Reads } from "./reads/reads.ts";
import type { Registry } from "./registry/registry.ts";
import type { Route } from "./requests/route.ts";
import type { RequestDesk } from "./requests/request-desk.ts";
import type { Turn } from "./inbox/turn.ts";
import type { Watch } from "./watch/watch.ts";
import type { VenueHour } from "./reads/venue-hour.ts";

type Ports = {
  readonly intake: Intake;
  readonly reads: Reads;
  readonly registry: Registry;
  readonly copies: Copies;
  readonly hour: VenueHour;
  readonly requests: RequestDesk;
  readonly cancels: CancelDesk;
  readonly modifies: ModifyDesk;
  readonly lookout: Lookout;
  readonly inquiries: Inquiries;
  readonly gatekeeper: Gatekeeper;
  readonly route: Route;
  readonly watch: Watch;
  readonly budgets: Budgets;
  readonly precautions: Precautions;
  readonly counters: Counters;
  readonly logger: Logger;
  readonly turn: () => Turn;
};

/** Text of a frame that is kept in an alarm; the tick keeps it whole. */
const TEXT_MAX = 200;

/** The door for all that the venue says: each fact to whom it concerns, in the venue's order. */
export class FactDesk {
  readonly #ports: Ports;
  #isLive = false;
  #judgedHour = 0;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Whether every private stream is acknowledged. */
  get isLive(): boolean {
    return this.#isLive;
  }

  take(facts: readonly VenueFact[]): void {
    const { lookout, turn, hour, requests } = this.#ports;
    for (const fact of facts) {
      turn().later(() => {
        if (!isPrivate(fact) || !lookout.barrier.holds(fact)) this.release(fact);
      });
    }
    turn().later(() => {
      if (hour.seen <= this.#judgedHour) return;
      this.#judgedHour = hour.seen;
      requests.hourPassed(hour.seen);
    });
  }

  /** Takes one fact now, also one that was held back while the venue was read. */
  release(fact: VenueFact): void {
    const { intake, reads, hour, registry, inquiries, counters } = this.#ports;
    switch (fact.type) {
      case "order":
        return intake.report(fact.report, "orderUpdates");
      case "fill":
        intake.fill(fact.fill, "userFills", fact.snapshot);
        return undefined;
      case "copy.answered":
      case "copy.failed":
        return this.#copy(fact);
      case "read.answered":
        return reads.answered(fact.read, fact.report);
      case "read.failed":
        return reads.failed(fact.read, fact.reason, fact.throttled);
      case "connection.live":
        return this.#live();
      case "connection.lost":
        return this.#lost();
      case "openOrders":
        for (const row of fact.orders) intake.pushedOrder(row);
        return undefined;
      case "positions":
        return hour.observe(fact.at);
      case "venueCancel": {
        const order = registry.find(fact.oid);
        return order === undefined ? undefined : inquiries.expectEnd(order);
      }
      case "ignored":
        return counters.add("ignored");
      case "unrecognized":
        return this.#unrecognized(fact);
    }
  }

  #copy(fact: Extract<VenueFact, { type: "copy.answered" | "copy.failed" }>): void {
    const { budgets, copies, precautions, requests, cancels, watch } = this.#ports;
    if (fact.type === "copy.failed") budgets.failed(fact.copy, fact.written);
    else if (budgets.answered(fact.copy, fact.answer)) precautions.watch.refused();
    const owner = copies.owner(fact.copy);
    if (owner === undefined) return;
    copies.forget(fact.copy);
    if (fact.type === "copy.answered") {
      watch.hear(fact.answer);
      if (owner.kind === "request") requests.answered(owner, fact.copy, fact.answer);
      else cancels.answered(owner, fact.copy, fact.answer);
    } else if (owner.kind === "request") requests.failed(owner, fact.copy, fact.written);
    else cancels.failed(owner, fact.copy);
  }

  #live(): void {
    this.#isLive = true;
    this.#ports.lookout.barrier.connected();
    this.#ports.precautions.watch.connected();
  }

  /** There is no connection any more. */
  #disconnect(): void {
    const { budgets, lookout, route, reads } = this.#ports;
    this.#isLive = false;
    reads.lost();
    lookout.lost();
    route.lost();
    budgets.lost();
  }

  /** The process is another one. */
  restarted(): void {
    this.#disconnect();
    this.#ports.lookout.barrier.restarted();
  }

  /** From here on something may have been missed: what is on the wire is doubtful, what waits is refused. */
  #lost(): void {
    const { cancels, gatekeeper, modifies, requests } = this.#ports;
    this.#disconnect();
    gatekeeper.tell({ type: "connection.lost" });
    modifies.dropAll("connectionLost");
    requests.tellAll({ type: "connection.lost" });
    cancels.tellAll({ type: "connection.lost" });
  }

  #unrecognized({ channel, reason, text }: Extract<VenueFact, { type: "unrecognized" }>): void {
    const { counters, logger, turn } = this.#ports;
    counters.add("unrecognized");
    const short = text.slice(0, TEXT_MAX);
    logger.warn({ channel, reason, text: short }, "not understood");
    turn().alarm("frameUnrecognized", `${channel}: ${reason}: ${short}`);
  }
}

/** What a stream tells of orders, fills and positions. Answers to what we asked are never held back. */
function isPrivate({ type }: VenueFact): boolean {
  return type === "order" || type === "fill" || type === "openOrders" || type === "positions";
}
