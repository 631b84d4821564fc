import {
  type Alarm,
  type Cloid,
  type CloidMark,
  type Clock,
  type Coin,
  type Command,
  type Deadline,
  type EngineStatus,
  type ExposureView,
  formatDecimal,
  type Input,
  type Journal,
  type Logger,
  type PlaceOrder,
  type PositionView,
  type Tick,
  type Venue,
} from "@cloister/model";
import { ledgerOf } from "@cloister/machines";
import type { CancelAllResult, Modified } from "./api.ts";
import { Barrier } from "./barrier.ts";
import { CancelDesk } from "./cancel-desk.ts";
import { cancelOrders } from "./cancel-orders.ts";
import { Copies } from "./copies.ts";
import { Counters } from "./counters.ts";
import { Deadlines } from "./deadlines.ts";
import { addPending, exposureOf } from "./exposure.ts";
import { FactDesk } from "./fact-desk.ts";
import { Gatekeeper } from "./gatekeeper.ts";
import { Inbox } from "./inbox.ts";
import { Inquiries } from "./inquiries.ts";
import { Intake } from "./intake.ts";
import { Ledger } from "./ledger.ts";
import { LedgerCheck } from "./ledger-check.ts";
import { ModifyDesk } from "./modify-desk.ts";
import type { Limits } from "./options.ts";
import { OrderDesk } from "./order-desk.ts";
import { PlaceDesk } from "./place-desk.ts";
import { Publisher } from "./publisher.ts";
import { ReadDesk } from "./read-desk.ts";
import { Reads } from "./reads.ts";
import { Registry } from "./registry.ts";
import { type Gate, RequestDesk } from "./request-desk.ts";
import { SignJobs } from "./sign-jobs.ts";
import { Slots } from "./slots.ts";
import { Sweeps } from "./sweep.ts";
import type { Inspect, TrackedOrder } from "./tracked-order.ts";
import { Turn } from "./turn.ts";
import { Unproved } from "./unproved.ts";
import { VenueHour } from "./venue-hour.ts";

export type CorePorts = {
  readonly venue: Venue;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly journal: Journal | undefined;
  readonly mark: CloidMark;
  readonly limits: Limits;
  readonly inspect: Inspect | undefined;
};

/** The engine's one thread of events: input → turn → tick. It wires the desks and owns nothing they own. */
export class Core {
  readonly counters = new Counters();
  readonly registry: Registry;
  readonly publisher: Publisher;
  readonly orders: OrderDesk;
  readonly deadlines: Deadlines;
  readonly #ports: CorePorts;
  readonly #inbox: Inbox<Input>;
  readonly #gatekeeper: Gatekeeper;
  readonly #ledger: Ledger;
  readonly #requests: RequestDesk;
  readonly #cancels: CancelDesk;
  readonly #modifies: ModifyDesk;
  readonly #places: PlaceDesk;
  readonly #sweeps: Sweeps;
  readonly #facts: FactDesk;
  readonly #signJobs: SignJobs;
  readonly #barrier: Barrier;
  readonly #inquiries: Inquiries;
  readonly #ledgerCheck: LedgerCheck;
  readonly #hour: VenueHour;
  readonly #unproved = new Unproved();
  readonly #prepared = new Map<Cloid, TrackedOrder>();
  readonly #modified = new Map<number, (result: Modified) => void>();
  readonly #swept = new Map<number, (result: CancelAllResult) => void>();
  #turn: Turn | undefined;
  #sequence = 0;
  #lastId = 0;
  #journalBroken = false;
  #stopped = false;

  constructor(ports: CorePorts) {
    this.#ports = ports;
    const { venue, clock, logger, limits, inspect } = ports;
    const turn = (): Turn => this.#now();
    const push = (input: Input): void => this.push(input);
    const gate: Gate = (kind, downsizing) =>
      this.#journalBroken ? { open: false, why: "journalFailed" } : this.#gatekeeper.ask(kind, downsizing);
    this.#inbox = new Inbox(
      (input) => this.#step(input),
      (input, error) => this.#failed(input.kind, error),
    );
    const slots = new Slots(limits);
    this.#gatekeeper = new Gatekeeper(slots, inspect);
    this.deadlines = new Deadlines(clock, (deadline) => push({ kind: "deadline", deadline }));
    this.#hour = new VenueHour(clock);
    this.#ledger = new Ledger(limits.fillKeysMax);
    this.registry = new Registry(limits, () => this.counters.add("tombstonesForgotten"));
    this.publisher = new Publisher({ logger, slowTicks: limits.slowTicks, status: () => this.status() });
    const { deadlines, registry } = this;
    const [hour, ledger] = [this.#hour, this.#ledger];
    this.orders = new OrderDesk({
      clock,
      deadlines,
      limits,
      logger,
      registry,
      inspect,
      turn,
      news: {
        landed: (order, oid, at) => this.#requests.landed(order, oid, at),
        changed: (order) => {
          this.#inquiries.consider(order);
          this.#modifies.advance(order);
        },
        ended: (order) => this.#ended(order),
      },
    });
    const reads = new Reads({ venue, clock, venueTime: () => hour.seen });
    const intake = new Intake({
      registry,
      ledger,
      hour,
      orders: this.orders,
      mark: ports.mark,
      turn,
      booked: (fill) => turn().fills.push(fill),
    });
    const readDesk = new ReadDesk({ reads, intake: () => intake, ledger, hour });
    this.#signJobs = new SignJobs({ venue, push });
    const copies = new Copies();
    const socketUp = (): boolean => this.#facts.isLive;
    const settled = (orders: readonly TrackedOrder[]): void => this.#settled(orders);
    const wire = { venue, clock, hour, deadlines, slots, copies, signJobs: this.#signJobs, inspect, turn };
    this.#requests = new RequestDesk({ ...wire, reads: readDesk, orders: this.orders, gate, socketUp, settled });
    this.#cancels = new CancelDesk({ ...wire, reads: readDesk, orders: this.orders, socketUp, settled });
    const done = (command: number, result: Modified): void => this.#answerModify(command, result);
    const [requests, cancels] = [this.#requests, this.#cancels];
    this.#modifies = new ModifyDesk({ clock, venue, hour, limits, deadlines, slots, requests, gate, done });
    const modifies = this.#modifies;
    const cancel = (orders: readonly TrackedOrder[]): void =>
      cancelOrders(orders, { limits, cancels, modifies, requests, nextId: () => this.nextId() });
    this.#sweeps = new Sweeps({ deadlines, registry, monotonicMs: () => clock.monotonicMs(), cancel });
    this.#cancelOrders = cancel;
    const isSwept = (coin: Coin): boolean => this.#sweeps.covers(coin);
    this.#places = new PlaceDesk({ clock, hour, limits, slots, orders: this.orders, requests, gate, isSwept });
    this.#barrier = new Barrier({
      deadlines,
      registry,
      ledger,
      reads: readDesk,
      opened: () => turn().later(() => this.#gatekeeper.tell({ type: "barrier.opened" })),
    });
    this.#inquiries = new Inquiries({ deadlines, limits, registry, reads: readDesk });
    this.#facts = new FactDesk({
      intake,
      reads,
      registry,
      copies,
      hour,
      requests,
      cancels,
      modifies,
      barrier: this.#barrier,
      inquiries: this.#inquiries,
      gatekeeper: this.#gatekeeper,
      counters: this.counters,
      logger,
      turn,
    });
    const isLive = socketUp;
    this.#ledgerCheck = new LedgerCheck({ deadlines, limits, registry, reads: readDesk, orders: this.orders, turn, isLive });
  }

  readonly #cancelOrders: (orders: readonly TrackedOrder[]) => void;

  get isStopped(): boolean {
    return this.#stopped;
  }

  get sequence(): number {
    return this.#sequence;
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  push(input: Input): void {
    if (!this.#stopped) this.#inbox.push(input);
  }

  /** Makes the order at once, so that its handle exists before the inbox takes the command. */
  prepare(order: PlaceOrder): TrackedOrder {
    const tracked = this.orders.prepare(order);
    this.#prepared.set(order.cloid, tracked);
    return tracked;
  }

  knows(cloid: Cloid): boolean {
    return this.registry.knows(cloid) || this.#prepared.has(cloid);
  }

  onModified(command: number, done: (result: Modified) => void): void {
    this.#modified.set(command, done);
  }

  onSwept(command: number, done: (result: CancelAllResult) => void): void {
    this.#swept.set(command, done);
  }

  doubts(): readonly string[] {
    return this.#requests.doubts();
  }

  status(): EngineStatus {
    return this.#gatekeeper.status(this.#requests.doubtful);
  }

  positions(): readonly PositionView[] {
    return this.#ledger.coins().map((coin) => ({ coin, size: formatDecimal(this.#ledger.position(coin)) }));
  }

  exposure(): readonly ExposureView[] {
    return exposureOf(this.#ledger, this.registry.orders.values(), (sums) => {
      for (const { terms, size } of this.#modifies.underWay) addPending(sums, terms.coin, terms.side, size);
      this.#unproved.addTo(sums);
    });
  }

  /** Ends everything at once. Who still waits is told that it stays unresolved. */
  stop(): void {
    if (this.#stopped) return;
    this.#gatekeeper.tell({ type: "engine.stopped" });
    this.#stopped = true;
    this.#ports.venue.close();
    this.deadlines.stop();
    this.#requests.stop();
    this.#cancels.stop();
    for (const done of this.#modified.values()) done({ kind: "unresolved", doubt: "the engine was closed" });
    this.#modified.clear();
    for (const order of this.registry.orders.values()) {
      order.wake();
      order.actor.stop();
    }
    this.#gatekeeper.stop();
    this.publisher.close();
    this.#ports.journal?.close();
  }

  #step(input: Input): void {
    if (this.#stopped) return;
    this.#sequence += 1;
    const sequence = this.#sequence;
    const atMs = this.#ports.clock.wallMs();
    const turn = new Turn(input);
    turn.alarms.push(...this.publisher.takeFailures());
    this.#turn = turn;
    try {
      this.#record({ sequence, atMs, input }, turn);
      this.#dispatch(input);
      do {
        turn.complete((error) => this.#failed(input.kind, error));
        this.#gatekeeper.pump();
      } while (!turn.isComplete);
    } finally {
      this.#turn = undefined;
      this.counters.add("inputs");
      const tick: Tick = { sequence, atMs, input, changes: turn.changes, alarms: turn.alarms };
      this.publisher.publish(tick, turn);
    }
  }

  /** The record comes before anything is done. A journal that fails closes the gate until `resume`. */
  #record(record: { sequence: number; atMs: number; input: Input }, turn: Turn): void {
    if (this.#journalBroken) return;
    try {
      this.#ports.journal?.append(record);
    } catch (error) {
      this.#journalBroken = true;
      turn.alarm("journalFailed", error instanceof Error ? error.message : String(error));
    }
  }

  #dispatch(input: Input): void {
    switch (input.kind) {
      case "command":
        return this.#command(input.command);
      case "venue":
        return this.#facts.take(input.facts);
      case "signed":
        return this.#signJobs.settle(input.attempt, { kind: "signed", signed: input.signed });
      case "signFailed":
        return this.#signJobs.settle(input.attempt, { kind: "failed", reason: input.reason });
      case "deadline":
        return this.#due(input.deadline);
    }
  }

  #command(command: Command): void {
    switch (command.kind) {
      case "place":
        return this.#places.begin(command, command.orders.map((order) => this.#take(order)));
      case "modify":
        return this.#modifies.begin(command, this.registry.order(command.cloid));
      case "cancel":
        return this.#cancelOrders(
          command.cloids.flatMap((cloid) => this.registry.order(cloid) ?? []),
        );
      case "cancelAll":
        this.#requests.tellAllUnsent({ type: "command.withdraw", cause: "barrier" }, command.coin);
        return this.#sweep(command);
      case "halt":
        this.#gatekeeper.tell({ type: "command.halt" });
        this.#modifies.dropAll("halted");
        return this.#requests.tellAll({ type: "halted" });
      case "resume":
        this.#journalBroken = false;
        return this.#gatekeeper.tell({ type: "command.resume" });
      case "close":
        this.#gatekeeper.tell({ type: "command.close" });
        this.#modifies.dropAll("draining");
        this.#requests.tellAllUnsent({ type: "command.withdraw", cause: "draining" }, undefined);
        if (command.orders === "cancel") this.#sweep(command);
        return undefined;
    }
  }

  #sweep(command: { readonly id: number; readonly coin?: Coin; readonly withinMs: number }): void {
    this.#now().later(() =>
      this.#sweeps.begin(command, (result) => {
        this.#swept.get(command.id)?.(result);
        this.#swept.delete(command.id);
      }),
    );
  }

  #due(deadline: Deadline): void {
    switch (deadline.kind) {
      case "queue":
        if (!this.#modifies.expired(deadline.request)) this.#requests.due("queue", deadline.request);
        return undefined;
      case "sign":
      case "request":
      case "look":
      case "expiry":
      case "retry":
        return this.#requestDue(deadline.kind, deadline.request);
      case "ledger":
        return this.#ledgerCheck.due(deadline.cloid);
      case "ask":
        return this.#inquiries.due(deadline.cloid);
      case "reap":
        return this.#reap(deadline.cloid);
      case "sweep":
        return this.#sweeps.due(deadline.command);
      case "recovery":
        return this.#facts.isLive ? this.#barrier.begin() : undefined;
    }
  }

  #requestDue(kind: "sign" | "request" | "look" | "expiry" | "retry", id: number): void {
    if (this.#cancels.owns(id)) this.#cancels.due(kind, id);
    else if (kind !== "retry") this.#requests.due(kind, id);
  }

  #reap(cloid: Cloid): void {
    const order = this.registry.order(cloid);
    if (order === undefined) return;
    if (ledgerOf(order.facts) === "incomplete") this.#unproved.keep(order);
    this.orders.reap(order);
  }

  #ended(order: TrackedOrder): void {
    this.#cancels.ended(order);
    this.#now().later(() => this.#sweeps.ended());
  }

  /** Requests of these orders are over: what waited for that goes on. */
  #settled(orders: readonly TrackedOrder[]): void {
    for (const order of orders) {
      this.#modifies.advance(order);
      this.#cancels.ended(order);
      this.orders.settle(order);
      order.wake();
    }
    this.#sweeps.ended();
  }

  #take(order: PlaceOrder): TrackedOrder {
    const prepared = this.#prepared.get(order.cloid) ?? this.orders.prepare(order);
    this.#prepared.delete(order.cloid);
    return prepared;
  }

  #answerModify(command: number, result: Modified): void {
    this.#modified.get(command)?.(result);
    this.#modified.delete(command);
  }

  #now(): Turn {
    if (this.#turn === undefined) throw new Error("outside of a turn");
    return this.#turn;
  }

  /** A step of ours threw: the input is recorded, the rest of it was done, and the engine goes on. */
  #failed(kind: string, error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const alarm: Alarm = { name: "inputFailed", text: `${kind}: ${text.slice(0, 500)}` };
    this.counters.add("failures");
    this.#ports.logger.error({ error: text }, `an input of kind ${kind} failed`);
    this.#turn?.alarms.push(alarm);
  }
}
