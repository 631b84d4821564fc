import {
  type Cloid,
  type CloidMark,
  type Coin,
  compare,
  type Decimal,
  type Fill,
  isMarked,
  type Oid,
  type OrderEvent,
  type OrderReport,
  type Source,
  subtract,
} from "@cloister/model";
import type { FillView } from "../api.ts";
import { evidenceOf, fillEvidence } from "./evidence-of.ts";
import type { Booking, Ledger } from "../ledger/ledger.ts";
import type { OrderDesk } from "../registry/order-desk.ts";
import { termsOf } from "../registry/listed-order.ts";
import { ownerOf, type Registry, type Tombstone } from "../registry/registry.ts";
import type { Turn } from "../inbox/turn.ts";
import type { VenueHour } from "../reads/venue-hour.ts";
import { fillView, reasonOf } from "../views/views.ts";

type Ports = {
  readonly registry: Registry;
  readonly ledger: Ledger;
  readonly orders: OrderDesk;
  readonly hour: VenueHour;
  readonly mark: CloidMark;
  readonly turn: () => Turn;
  readonly booked: (fill: FillView) => void;
  /** A fill of an order that has left the book. */
  readonly late: (cloid: Cloid, size: Decimal) => void;
  readonly witness: Witness;
  /** Fills of this coin do not join. */
  readonly broken: (coin: Coin) => void;
};

/** Compares what streams tell with what is told otherwise. */
type Witness = {
  readonly streamedOrder: (report: OrderReport) => void;
  readonly streamedFill: (key: string, oid: Oid) => void;
  /** A pushed list shows less of a leg than our fills leave. */
  readonly shrunk: (oid: Oid) => void;
  readonly listed: (row: OrderReport) => void;
  readonly readOrder: (report: OrderReport) => void;
  readonly readFill: (key: string, at: number) => void;
};

/** Whose news it is. A fill is booked to the account first, whoever it belongs to. */
export class Intake {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  report(report: OrderReport, source: Source): void {
    const { hour, witness } = this.#ports;
    hour.observe(report.at);
    if (source === "orderUpdates") witness.streamedOrder(report);
    else witness.readOrder(report);
    this.#route(report, evidenceOf(report, source));
  }

  /** One row of an open-order read: it shows the leg alive at the hour at which the read began. */
  openOrder(report: OrderReport, readBegunAt: number): void {
    const at = Math.max(report.at, readBegunAt);
    this.#route(report, evidenceOf({ ...report, at }, "openOrders"));
    const order = this.#ports.registry.find(report.oid, report.cloid);
    if (order === undefined) return;
    const { oid, remaining, reduceOnly, waitsForTrigger } = report;
    if (order.terms.trigger !== undefined && waitsForTrigger === false) {
      this.#ports.orders.tell(order, { type: "venue.triggered", oid, at, source: "openOrders" });
    }
    // A reduce-only leg may have shrunk without a word (protocol §6.2).
    if (reduceOnly !== true) return;
    this.#ports.orders.tell(order, { type: "venue.size", oid, size: remaining, readBegunAt });
  }

  /**
   * One row of a pushed list, which is a witness without an hour of its own. What it says of a leg that is known
   * to live is no news, and a push names every order of the account.
   */
  pushedOrder(report: OrderReport): void {
    const { witness } = this.#ports;
    witness.listed(report);
    const order = this.#ports.registry.find(report.oid, report.cloid);
    const leg = order?.facts.legs.find(({ oid }) => oid === report.oid);
    const isKnown = leg?.real === true && leg.ending === undefined;
    if (isKnown && isShorter(report, leg.filled)) witness.shrunk(report.oid);
    if (!isKnown || report.reduceOnly === true) this.openOrder(report, report.at);
  }

  /**
   * `replayed`: the venue tells what it told before, as it does when a stream begins. Returns whether the fill was
   * new to the account.
   */
  fill(fill: Fill, source: Source, replayed = false): boolean {
    const { broken, hour, ledger, witness } = this.#ports;
    hour.observe(fill.at);
    const booking = ledger.book(fill);
    const { key } = booking;
    const isNew = booking.kind === "new";
    if (source === "userFills") witness.streamedFill(key, fill.oid);
    else if (isNew) witness.readFill(key, fill.at);
    this.#attribute(fill, booking, { source, replayed });
    if (isNew && ledger.gapsOf(fill.coin) > 0) broken(fill.coin);
    return isNew;
  }

  #attribute(
    fill: Fill,
    booking: Booking,
    { source, replayed }: { readonly source: Source; readonly replayed: boolean },
  ): void {
    const { ledger, registry, orders, booked } = this.#ports;
    const owner = ownerOf(registry, fill);
    const evidence = fillEvidence(fill, source, booking.key);
    // Also when it is a repetition: the order knows its own fills, and says so when one is told otherwise.
    if (owner.kind === "order") orders.tell(owner.order, evidence);
    if (booking.kind === "history" && owner.kind === "stranger") this.#stranger(fill, evidence);
    if (booking.kind !== "new") return;
    if (owner.kind === "stranger") {
      // History from before our start will be in the base, and is no news to anybody.
      const isHistory = replayed && !ledger.hasBase;
      this.#strangerFill(fill, evidence, isHistory);
      if (isHistory) return;
    }
    if (owner.kind === "buried") {
      this.#ports.late(owner.tombstone.cloid, fill.size);
      this.#ports
        .turn()
        .alarm("lateFill", `fill ${fill.tid} after the order was reaped`, owner.tombstone.cloid);
    }
    if (!ledger.isSinceStart(fill)) return;
    const mine =
      owner.kind === "order" ? owner.order : owner.kind === "buried" ? owner.tombstone : undefined;
    booked(fillView(fill, mine));
  }

  #route(about: OrderReport, evidence: OrderEvent): void {
    const { registry, orders } = this.#ports;
    const order = registry.find(about.oid, about.cloid);
    if (order !== undefined) {
      orders.placed(order, about);
      orders.tell(order, evidence);
      return;
    }
    const buried = registry.tombstone(about.oid, about.cloid);
    if (buried === undefined) {
      this.#stranger(about, evidence);
      return;
    }
    this.#haunt(buried, about, evidence);
  }

  /** A word about an order that has left the book. One that lives is tracked anew. */
  #haunt(buried: Tombstone, about: OrderReport, evidence: OrderEvent): void {
    const { registry, orders, turn } = this.#ports;
    const { type } = evidence;
    // A rejection shows no leg.
    if (type === "venue.rejected" || type === "venue.unknownWord") return;
    const isOpen = type === "venue.accepted" || type === "venue.triggered";
    // What is told again of a leg that was known is no news, unless that it ended was only inferred.
    const isNew = registry.haunt(about.oid, buried);
    const isBack = isOpen && buried.absentAt !== undefined && evidence.at > buried.absentAt;
    if (!isNew && !isBack) return;
    const text = `${type} of leg ${about.oid} after the order was reaped`;
    turn().alarm(isOpen ? "revived" : "contradicted", text, buried.cloid);
    if (isOpen) orders.tell(orders.revive(about.oid, termsOf(about)), evidence);
  }

  #stranger(
    { oid, coin, cloid }: { oid: Oid; coin: Coin; cloid?: Cloid },
    evidence: OrderEvent,
  ): void {
    const { registry, mark, turn } = this.#ports;
    const isNew = registry.keepStranger(
      { oid, coin, ...(cloid === undefined ? {} : { cloid }) },
      evidence,
    );
    const isLiveNews = evidence.type === "venue.accepted" || evidence.type === "venue.triggered";
    if (isNew && isLiveNews && cloid !== undefined && isMarked(cloid, mark)) {
      turn().alarm("orphan", `leg ${oid} carries our mark and is in nobody's book`, cloid);
    }
  }

  /** Booked to the account already; attributed when its order becomes known. */
  #strangerFill(fill: Fill, evidence: OrderEvent, isHistory: boolean): void {
    const { ledger, turn } = this.#ports;
    this.#stranger(fill, evidence);
    if (isHistory || !ledger.isSinceStart(fill)) return;
    const text = `fill ${fill.tid} of ${fill.coin}, oid ${fill.oid}: ${reasonOf(fill)}`;
    turn().alarm("strangerFill", text);
  }
}

/** Less is left than our fills leave. A reduce-only leg shrinks without a fill (protocol §6.2). */
function isShorter({ reduceOnly, remaining, size }: OrderReport, filled: Decimal): boolean {
  return reduceOnly !== true && compare(remaining, subtract(size, filled)) < 0;
}
