import {
  type Alarm,
  type Certificate,
  type Cloid,
  type Command,
  type Deadline,
  type EngineStatus,
  type Explanation,
  type ExposureView,
  formatDecimal,
  type Input,
  type JournalRecord,
  type PlaceOrder,
  type PositionView,
  readCloid,
  type Start,
  type Tick,
} from "@cloister/model";
import { type Base, baseOf, type CorePorts } from "./base.ts";
import type { BudgetView } from "./budgets/budget-view.ts";
import type { Counters } from "./views/counters.ts";
import { Desks } from "./desks.ts";
import { exposureOf } from "./ledger/exposure.ts";
import { explain } from "./views/explain.ts";
import { isAlarming } from "./reads/is-alarming.ts";
import { Inbox } from "./inbox/inbox.ts";
import type { Publisher } from "./views/publisher.ts";
import type { Registry } from "./registry/registry.ts";
import { safely, textOf } from "./inbox/safely.ts";
import { type SweepCommand, sweepOfAll } from "./requests/sweep.ts";
import type { TrackedOrder } from "./registry/tracked-order.ts";
import { Turn } from "./inbox/turn.ts";
import { type Hour, TurnClock } from "./inbox/turn-clock.ts";
import { type Asked, Callers, type Unnumbered } from "./inbox/callers.ts";
import { laterLogger } from "./inbox/later-logger.ts";
import { Recorder } from "./inbox/recorder.ts";
import { LaterVenue } from "./replay/later-venue.ts";
import { takeRunOptions } from "./replay/run-options.ts";

/** The engine's one thread of events: input → turn → tick. */
export class Core {
  readonly #ports: CorePorts;
  readonly #base: Base;
  readonly #desks: Desks;
  readonly #clock: TurnClock;
  readonly #venue: LaterVenue;
  readonly #inbox: Inbox<Input | Asked>;
  /** Orders whose command waits in the inbox: their handles exist already. */
  readonly #prepared = new Map<Cloid, TrackedOrder>();
  /** Who waits for what becomes of a command. */
  readonly callers = new Callers();
  readonly #recorder: Recorder;
  #turn: Turn | undefined;
  /** The hour of the record that is replayed. */
  #recorded: Hour | undefined;
  #sequence = 0;
  #lastId = 0;
  /** The largest that was signed. */
  #nonce = 0;
  /** From here on inputs are new: recorded, and acted upon. Before, they are of earlier lives. */
  #hasBegun = false;
  readonly #early: Input[] = [];
  #stopped = false;

  constructor(ports: CorePorts) {
    this.#ports = ports;
    this.#clock = new TurnClock(ports.clock);
    this.#venue = new LaterVenue(ports.venue);
    this.#recorder = new Recorder(ports.journal);
    this.#inbox = new Inbox(
      (input) => this.#enter(input),
      (input, error) => this.#failed(input.kind, error),
    );
    this.#base = baseOf(
      {
        ...ports,
        venue: this.#venue,
        clock: this.#clock,
        logger: laterLogger(ports.logger, () => this.#hasBegun),
      },
      {
        turn: () => this.#now(),
        push: (input) => this.push(input),
        status: () => this.status(),
        budgetViews: () => this.budgets(),
        isJournalBroken: () => this.#recorder.isBroken,
        whenDurable: (done) => this.#recorder.whenDurable(done),
        nextId: () => this.#nextId(),
      },
    );
    this.#desks = new Desks(this.#base, (command, result) =>
      this.callers.modified(command, result),
    );
  }

  get counters(): Counters {
    return this.#base.counters;
  }

  get registry(): Registry {
    return this.#base.registry;
  }

  get publisher(): Publisher {
    return this.#base.publisher;
  }

  /** The logger that never throws: for the venue too, whose streams it must not end. */
  get logger(): Base["logger"] {
    return this.#base.logger;
  }

  /** The inspector of every actor, the venue's included. */
  get inspect(): Base["inspect"] {
    return this.#base.inspect;
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  get sequence(): number {
    return this.#sequence;
  }

  /** What comes before this life has begun waits for that. */
  push(input: Input): void {
    if (!this.#hasBegun) this.#early.push(input);
    else if (!this.#stopped) this.#inbox.push(input);
  }

  /**
   * A caller speaks. The command gets its number when its turn comes: numbers follow the order of inputs, whoever
   * makes them. `numbered` is told it before anything is done.
   */
  ask(command: Unnumbered, numbered: (id: number) => void = () => undefined): void {
    this.#inbox.push({ kind: "asked", command, numbered });
  }

  /** Before it begins: takes an input of an earlier life, under its number and at its hour. Nothing is sent. */
  replay({ sequence, atMs, monotonicMs, input }: JournalRecord): void {
    this.#sequence = sequence - 1;
    this.#recorded = { atMs, monotonicMs };
    this.#inbox.push(input);
  }

  /** The venue is open: this life begins. What the earlier ones left on its way is doubtful from here on. */
  begin(start: Start): void {
    this.#hasBegun = true;
    this.#recorder.begin();
    this.#recorded = undefined;
    this.#clock.begin();
    this.#venue.begin();
    // Whatever the clock says: a nonce that was used once names other bytes than ours.
    if (this.#nonce > 0) this.#venue.raiseNonce(this.#nonce + 1);
    this.push({ kind: "started", start });
    for (const input of this.#early.splice(0)) this.push(input);
    this.#base.deadlines.wake();
  }

  /** Makes the order at once, so that its handle exists before the inbox takes the command. */
  prepare(order: PlaceOrder): TrackedOrder {
    const tracked = this.#desks.orders.prepare(order);
    this.#prepared.set(order.cloid, tracked);
    return tracked;
  }

  knows(cloid: Cloid): boolean {
    return this.registry.knows(cloid) || this.#prepared.has(cloid);
  }

  /** A tracked order, or one whose command the inbox has not taken yet. */
  order(cloid: Cloid): TrackedOrder | undefined {
    return this.registry.order(cloid) ?? this.#prepared.get(cloid);
  }

  /** What the latest recovery was worth. */
  get certificate(): Certificate | undefined {
    return this.#desks.lookout.certificate;
  }

  doubts(): readonly string[] {
    return this.#desks.requests.doubts();
  }

  status(): EngineStatus {
    const status = this.#desks.status();
    if (!this.#recorder.isBroken) return status;
    // What cannot be recorded must not be sent.
    return { ...status, gate: { ...status.gate, place: false, modify: false } };
  }

  positions(): readonly PositionView[] {
    const { ledger } = this.#base;
    return ledger.coins().map((coin) => ({ coin, size: formatDecimal(ledger.position(coin)) }));
  }

  exposure(): readonly ExposureView[] {
    const { ledger, pending } = this.#base;
    return exposureOf(ledger, pending.with(this.#prepared.values()));
  }

  /** The same by counting every order, for who checks the sums that are kept. */
  recounted(): readonly ExposureView[] {
    return this.#desks.recounted([...this.#prepared.values()]);
  }

  budgets(): readonly BudgetView[] {
    return this.#base.budgets.views();
  }

  explain(cloid: string): Explanation {
    const known = readCloid(cloid);
    const order = known === undefined ? undefined : this.order(known);
    return explain(cloid, order, {
      ...this.#base,
      sequence: this.#sequence,
      status: this.status(),
      modifies: (one) => this.#desks.modifies.openOf(one),
    });
  }

  /** How much is held, for who looks for a leak. */
  sizes(): Readonly<Record<string, number>> {
    const { size: prepared } = this.#prepared;
    return { ...this.#desks.sizes(), prepared, waiting: this.callers.waiting };
  }

  /** Ends everything at once. Who still waits is told that it stays unresolved. */
  stop(): void {
    if (this.#stopped) return;
    this.#desks.gatekeeper.tell({ type: "engine.stopped" });
    this.#stopped = true;
    const { venue } = this.#ports;
    const { deadlines, failed } = this.#base;
    safely(() => venue.close(), failed);
    deadlines.stop();
    this.callers.stop();
    this.#base.publisher.close();
    this.#desks.stop();
    for (const order of [...this.registry.orders.values(), ...this.#prepared.values()]) {
      order.wake();
      order.stop();
    }
    safely(() => this.#recorder.close(), failed);
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  #enter(input: Input | Asked): void {
    if (input.kind !== "asked") {
      this.#step(input);
      return;
    }
    const id = this.#nextId();
    input.numbered(id);
    if (this.#stopped) this.callers.stop();
    else this.#step({ kind: "command", command: { ...input.command, id } });
  }

  #step(input: Input): void {
    if (this.#stopped) return;
    this.#sequence += 1;
    const sequence = this.#sequence;
    const { atMs, monotonicMs } = this.#clock.stop(this.#recorded);
    const turn = new Turn(input, sequence);
    this.#turn = turn;
    try {
      this.#recorder.record({ sequence, atMs, monotonicMs, input }, (why) =>
        turn.alarm("journalFailed", why),
      );
      turn.later(() => this.#dispatch(input));
      do {
        turn.complete((error) => this.#failed(input.kind, error));
        // What throws while it is granted must not cost the work that the others left.
        safely(
          () => this.#desks.gatekeeper.pump(),
          (error) => this.#failed(input.kind, error),
        );
      } while (!turn.isComplete);
      this.#desks.precautions.afterInput(turn);
    } finally {
      this.#turn = undefined;
      this.counters.add("inputs");
      const { changes, alarms, certificates, doubts } = turn;
      for (const alarm of alarms) this.#noteAlarm(alarm, sequence);
      if (isAlarming(turn)) this.#desks.lookout.reconciler.alarmed();
      const ended = {
        ...(doubts.length === 0 ? {} : { doubts }),
        ...(certificates.length === 0 ? {} : { certificates }),
      };
      const tick: Tick = { sequence, atMs, input, changes, alarms, ...ended };
      this.#recorder.ended(tick);
      this.publisher.publish(tick, turn);
      this.#clock.goOn();
    }
  }

  /** For who asks about the order. */
  #noteAlarm(alarm: Alarm, sequence: number): void {
    if (alarm.cloid !== undefined) this.order(alarm.cloid)?.history.noteAlarm(alarm, sequence);
  }

  #dispatch(input: Input): void {
    const { facts, signJobs } = this.#desks;
    switch (input.kind) {
      case "command":
        return this.#command(input.command);
      case "venue":
        return facts.take(input.facts);
      case "signed":
        this.#nonce = Math.max(this.#nonce, input.signed.nonce);
        return signJobs.settle(input.attempt, { kind: "signed", signed: input.signed });
      case "signFailed":
        return signJobs.settle(input.attempt, { kind: "failed", reason: input.reason });
      case "deadline":
        this.#base.deadlines.took(input.deadline);
        return this.#due(input.deadline);
      case "started":
        return this.#started(input.start);
      case "mended":
        this.#lastId = Math.max(this.#lastId, input.numbers.command);
        return this.#desks.countFrom(input.numbers);
      case "subscriberFailed":
        return this.#now().alarm("subscriberFailed", input.text);
    }
  }

  #started({ markets, options, lost = [] }: Start): void {
    const { base, turn } = { base: this.#base, turn: this.#now() };
    takeRunOptions(base, options);
    base.markets.take(markets);
    for (const text of lost) turn.alarm("journalDamaged", text);
    this.#desks.restarted();
  }

  /** Who reads the records later must number as we did, though some are missing. */
  #mend(): void {
    if (!this.#recorder.isBroken) return;
    this.#recorder.goOn();
    const numbers = { ...this.#desks.numbers, command: this.#lastId };
    this.push({ kind: "mended", numbers });
  }

  #command(command: Command): void {
    this.#lastId = Math.max(this.#lastId, command.id);
    const { gatekeeper, lookout, modifies, places, requests, sweeps } = this.#desks;
    const { registry } = this;
    switch (command.kind) {
      case "place":
        return places.begin(
          command,
          command.orders.map((order) => this.#take(order)),
        );
      case "modify":
        return modifies.begin(command, registry.order(command.cloid));
      case "cancel":
        return this.#desks.cancel(command.cloids.flatMap((cloid) => registry.order(cloid) ?? []));
      case "cancelAll":
        this.#sweep(command);
        return requests.tellAllUnsent(
          { type: "command.withdraw", cause: "barrier" },
          sweeps.isWanted(command),
        );
      case "halt":
        this.#desks.halt();
        if (command.cancel === true) this.#sweep(sweepOfAll(command.id, this.#base.limits));
        return undefined;
      case "resume":
        this.#mend();
        return gatekeeper.tell({ type: "command.resume" });
      case "reconcile":
        return lookout.reconciler.command((certificate) => {
          this.callers.reconciled(command.id, certificate);
        });
      case "close":
        gatekeeper.tell({ type: "command.close" });
        modifies.dropAll("draining");
        this.#sweep(command);
        return requests.tellAllUnsent({ type: "command.withdraw", cause: "draining" }, () => true);
    }
  }

  /** Marks what is to end, then cancels it: after what was never sent has been withdrawn. */
  #sweep(command: SweepCommand): void {
    const { sweeps } = this.#desks;
    sweeps.begin(command, (result) => {
      this.callers.swept(command.id, result);
    });
    this.#now().lastly(() => sweeps.due(command.id));
  }

  #due(deadline: Deadline): void {
    const { inquiries, ledgerCheck, lookout, modifies, reads, requests, silence, sweeps, watch } =
      this.#desks;
    switch (deadline.kind) {
      case "queue":
        if (!modifies.expired(deadline.request)) requests.due("queue", deadline.request);
        return undefined;
      case "sign":
      case "request":
      case "look":
      case "expiry":
      case "retry":
        return this.#requestDue(deadline.kind, deadline.request);
      case "ledger":
        return ledgerCheck.due(deadline.cloid);
      case "ask":
        return inquiries.due(deadline.cloid);
      case "reap":
        return this.#reap(deadline.cloid);
      case "sweep":
        return sweeps.due(deadline.command);
      case "recovery":
        return lookout.barrier.due();
      case "read":
        return reads.due(deadline.read);
      case "survey":
        return lookout.reconciler.due(deadline.what);
      case "silence":
        return silence.due();
      case "budget":
        return this.#budgetDue(deadline.what);
      case "watch":
        return watch.due(deadline.what);
      case "stalled":
        return watch.stalled(deadline.lateMs);
    }
  }

  #budgetDue(what: "read" | "wake" | "weight"): void {
    const { precautions, reads } = this.#desks;
    if (what === "read") precautions.watch.due();
    // "wake" only wakes: requests that wait for a budget are looked at after each input.
    if (what === "weight") reads.goOn();
  }

  #requestDue(kind: "sign" | "request" | "look" | "expiry" | "retry", id: number): void {
    const { cancels, requests } = this.#desks;
    if (cancels.owns(id)) cancels.due(kind, id);
    else if (kind !== "retry") requests.due(kind, id);
  }

  #reap(cloid: Cloid): void {
    const order = this.registry.order(cloid);
    if (order !== undefined) this.#desks.orders.reap(order);
  }

  #take(order: PlaceOrder): TrackedOrder {
    const prepared = this.#prepared.get(order.cloid) ?? this.#desks.orders.prepare(order);
    this.#prepared.delete(order.cloid);
    return prepared;
  }

  #now(): Turn {
    if (this.#turn === undefined) throw new Error("outside of a turn");
    return this.#turn;
  }

  /** A step of ours threw: the input is recorded, the rest of it was done, and the engine goes on. */
  #failed(kind: string, error: unknown): void {
    // Without the stack, which the log has: a replay must say the same.
    const alarm: Alarm = { name: "inputFailed", text: `${kind}: ${textOf(error).slice(0, 500)}` };
    this.counters.add("failures");
    this.#base.logger.error({ err: error }, `an input of kind ${kind} failed`);
    this.#turn?.alarms.push(alarm);
  }
}
