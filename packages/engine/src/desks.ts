import {
  type EngineStatus,
  type ExposureView,
  isMarked,
  type Numbers,
  type RefuseCause,
  type VenueFact,
} from "@cloister/model";
import type { Modified } from "./api.ts";
import type { Base } from "./base.ts";
import { CancelDesk } from "./requests/cancel-desk.ts";
import { cancelOrders } from "./requests/cancel-orders.ts";
import { FactDesk } from "./fact-desk.ts";
import { type Gate, Gatekeeper } from "./requests/gatekeeper.ts";
import { Inquiries } from "./reads/inquiries.ts";
import { LedgerCheck } from "./reads/ledger-check.ts";
import { ModifyDesk } from "./requests/modify-desk.ts";
import { OrderDesk, type OrderNews } from "./registry/order-desk.ts";
import { PlaceDesk } from "./requests/place-desk.ts";
import { Lookout } from "./reads/lookout.ts";
import { type Reading, readingOf } from "./reads/reading.ts";
import type { Silence } from "./reads/silence.ts";
import type { Reads } from "./reads/reads.ts";
import { Precautions } from "./restraints/precautions.ts";
import { RiskLimits } from "./restraints/risk-limits.ts";
import { RequestDesk } from "./requests/request-desk.ts";
import { Restraint } from "./requests/restraint.ts";
import { Route } from "./requests/route.ts";
import { SignJobs } from "./inbox/sign-jobs.ts";
import { Sweeps } from "./requests/sweep.ts";
import { Watch } from "./watch/watch.ts";
import { addPending, exposureOf, pendingOf } from "./ledger/exposure.ts";
import type { TrackedOrder } from "./registry/tracked-order.ts";

/** Tells the caller of a modify what became of it. */
type ModifyDone = (command: number, result: Modified) => void;

/** Every desk of the engine, each wired to those it works with. It owns nothing they own. */
export class Desks {
  readonly gatekeeper: Gatekeeper;
  readonly orders: OrderDesk;
  readonly reads: Reads;
  readonly signJobs: SignJobs;
  readonly requests: RequestDesk;
  readonly cancels: CancelDesk;
  readonly modifies: ModifyDesk;
  readonly places: PlaceDesk;
  readonly sweeps: Sweeps;
  readonly lookout: Lookout;
  readonly silence: Silence;
  readonly inquiries: Inquiries;
  readonly ledgerCheck: LedgerCheck;
  readonly facts: FactDesk;
  readonly route: Route;
  readonly restraint: Restraint;
  readonly watch: Watch;
  readonly precautions: Precautions;
  readonly #base: Base;

  constructor(base: Base, done: ModifyDone) {
    this.#base = base;
    const { slots, turn } = base;
    this.gatekeeper = new Gatekeeper(slots, base.inspect, {
      isSkewed: () => this.precautions.skew.isSkewed,
      hasBudget: (entry) => this.precautions.hasBudget(entry),
    });
    this.orders = new OrderDesk({ ...base, news: this.#news() });
    const { gatekeeper, orders } = this;
    const reading = readingOf(base, orders, {
      broken: () => this.lookout.gaps.noticed(),
      told: (at, begunAt) => this.precautions.skew.read(at, begunAt),
    });
    const { asked, belief, intake, reads, silence } = reading;
    this.reads = asked;
    this.watch = new Watch(base, asked);
    this.silence = silence;
    this.signJobs = new SignJobs(base);
    const gate: Gate = (kind, downsizing) =>
      base.isJournalBroken()
        ? { open: false, why: "journalFailed" }
        : gatekeeper.ask(kind, downsizing);
    const isLive = (): boolean => this.facts.isLive;
    const settled = (some: readonly TrackedOrder[]): void => this.#settled(some);
    const { signJobs } = this;
    this.route = new Route(base);
    this.restraint = new Restraint({
      ...base,
      isHalted: () => gatekeeper.state.brake === "halted",
      halt: () => this.halt(),
    });
    const { restraint, route } = this;
    const askTime = (): void => reads.askTime();
    this.precautions = new Precautions({ ...base, reads: asked, route, isLive, askTime });
    const whyWaits = (id: number): RefuseCause | undefined => this.precautions.whyWaits(id);
    const risk = new RiskLimits(base);
    const wire = {
      ...{ ...base, signJobs, reads, orders, gate, socketUp: isLive, settled },
      ...{ gatekeeper, restraint, route, whyWaits },
    };
    this.requests = new RequestDesk(wire);
    const { requests } = this;
    this.cancels = new CancelDesk({ ...wire, mouthOf: (order) => requests.mouthOf(order) });
    this.modifies = new ModifyDesk({
      ...{ ...base, requests, gate, done, risk, whyWaits },
      order: (cloid) => base.registry.order(cloid),
      cancel: (order) => turn().lastly(() => this.cancel([order])),
    });
    this.sweeps = this.#newSweeps(reading);
    const { sweeps } = this;
    const isSwept = sweeps.covers.bind(sweeps);
    this.places = new PlaceDesk({ ...base, orders, requests, gate, isSwept, restraint, risk });
    const opened = (): void => {
      turn().later(() => gatekeeper.tell({ type: "barrier.opened" }));
      this.watch.begin();
    };
    const release = (fact: VenueFact): void => this.facts.release(fact);
    this.lookout = new Lookout({
      ...{ ...base, reads, orders, belief, silence, release, opened },
      doubts: () => requests.doubts(),
    });
    this.inquiries = new Inquiries({ ...base, reads });
    this.ledgerCheck = new LedgerCheck({ ...base, reads, orders, isLive });
    const { cancels, inquiries, lookout, modifies, precautions, watch } = this;
    this.facts = new FactDesk({
      ...{ ...base, reads: this.reads, intake, requests, cancels, modifies },
      ...{ lookout, inquiries, gatekeeper, route, watch, precautions },
    });
  }

  #newSweeps({ adoption, intake, reads }: Reading): Sweeps {
    const { clock, hour, mark } = this.#base;
    return new Sweeps({
      ...this.#base,
      reads,
      monotonicMs: () => clock.monotonicMs(),
      cancel: (some) => this.cancel(some),
      isOurs: (cloid) => cloid !== undefined && isMarked(cloid, mark),
      adopt: (row) => {
        adoption.adopt(row);
        intake.openOrder(row, hour.seen);
      },
    });
  }

  status(): EngineStatus {
    const { gatekeeper, requests, route } = this;
    const status = gatekeeper.status({ doubtful: requests.doubtful, route: route.kind });
    const { certificate } = this.lookout;
    if (certificate === undefined) return status;
    const { id, complete, unresolvedCount: unresolved } = certificate;
    return { ...status, recovery: { id, complete, unresolved } };
  }

  /** Pulls the brake: what waits is refused, what is on its way is withdrawn. */
  halt(): void {
    this.gatekeeper.tell({ type: "command.halt" });
    this.modifies.halt();
    this.requests.tellAll({ type: "halted" });
  }

  /** The process is another one: what was on its way is doubtful, what waited is refused, what was asked has failed. */
  restarted(): void {
    const { cancels, facts, modifies, reads, requests, signJobs, sweeps, watch } = this;
    facts.restarted();
    this.gatekeeper.restarted();
    this.#base.hour.restarted();
    this.#base.budgets.restarted();
    signJobs.restarted();
    watch.stop();
    reads.restarted();
    sweeps.restarted();
    modifies.dropAll("restarted");
    requests.restarted();
    cancels.restarted();
  }

  /** What could still fill, by counting every order, with some that are not in the book yet. */
  recounted(others: readonly TrackedOrder[]): readonly ExposureView[] {
    const { ledger, registry, unproved } = this.#base;
    const sums = pendingOf([...registry.orders.values(), ...others], (all) => {
      for (const { terms, size } of this.modifies.underWay) addPending(all, terms, size);
      unproved.addTo(all);
    });
    return exposureOf(ledger, sums);
  }

  get numbers(): Omit<Numbers, "command"> {
    const { reads, signJobs } = this;
    return { attempt: signJobs.lastAttempt, copy: this.#base.copies.lastId, read: reads.lastId };
  }

  countFrom({ attempt, copy, read }: Numbers): void {
    this.signJobs.countFrom(attempt);
    this.#base.copies.countFrom(copy);
    this.reads.countFrom(read);
  }

  /** Sees to it that these orders end. */
  cancel(orders: readonly TrackedOrder[]): void {
    const { cancels, modifies, requests } = this;
    const { limits, nextId } = this.#base;
    cancelOrders(orders, { limits, cancels, modifies, requests, nextId });
  }

  /** How much is held, for who looks for a leak. */
  sizes(): Readonly<Record<string, number>> {
    const { copies, deadlines, ledger, publisher, registry, slots, unproved } = this.#base;
    let heard = publisher.heard;
    for (const order of registry.orders.values()) heard += order.heard;
    return {
      orders: registry.orders.size,
      oids: registry.oids,
      strangers: registry.strangers,
      requests: this.requests.open,
      cancels: this.cancels.open,
      modifies: this.modifies.open,
      excesses: this.modifies.watched,
      sweeps: this.sweeps.open,
      copies: copies.open,
      reads: this.reads.open,
      signJobs: this.signJobs.open,
      deadlines: deadlines.size,
      slots: slots.inFlight + slots.queued,
      early: ledger.early,
      ...this.lookout.sizes(),
      searches: this.ledgerCheck.searching,
      unproved: unproved.size,
      heard,
    };
  }

  stop(): void {
    this.sweeps.stop();
    this.requests.stop();
    this.cancels.stop();
    this.lookout.stop();
    this.watch.stop();
    this.gatekeeper.stop();
  }

  #news(): OrderNews {
    return {
      landed: (order, leg) => this.requests.landed(order, leg),
      changed: (order, change) => {
        this.#base.pending.count(order);
        this.inquiries.consider(order, change);
        if (change.alarms.some(({ name }) => name === "revived")) this.#revived(order);
        this.modifies.advance(order);
      },
      ended: (order) => {
        this.cancels.ended(order);
        if (this.sweeps.open > 0) this.#base.turn().lastly(() => this.sweeps.ended());
      },
      reaped: (order) => {
        this.#base.unproved.keep(order);
        this.#base.pending.forget(order);
        this.modifies.forget(order);
      },
      revived: (order) => this.#revived(order),
    };
  }

  /** After everything else that this input says of it. */
  #revived(order: TrackedOrder): void {
    const { policies, turn } = this.#base;
    if (policies.onRevived === "cancel") turn().lastly(() => this.cancel([order]));
  }

  /** Requests of these orders are over: what waited for that goes on. */
  #settled(orders: readonly TrackedOrder[]): void {
    for (const order of orders) {
      this.modifies.advance(order);
      this.cancels.ended(order);
      this.orders.settle(order);
      order.wake();
    }
    this.sweeps.ended();
  }
}
