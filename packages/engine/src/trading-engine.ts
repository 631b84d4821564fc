import {
  type Address,
  type Certificate,
  type Cloid,
  CloisterError,
  type CloidMark,
  type Ending,
  type EngineSnapshot,
  type Explanation,
  type Grouping,
  invalidSpec,
  type ModifySpec,
  parseCloid,
  type PlaceSpec,
  readCloid,
  type References,
  type Venue,
} from "@cloister/model";
import type {
  Canceled,
  CancelAllResult,
  CloseResult,
  Engine,
  Modified,
  OrderHandle,
} from "./api.ts";
import type { Core } from "./core.ts";
import type { Limits } from "./options.ts";
import { cancellation, orderHandle, whenKnown } from "./views/order-handle.ts";
import type { TrackedOrder } from "./registry/tracked-order.ts";
import {
  assertList,
  checkOptionsOf,
  flag,
  marketFor,
  validateModify,
  validEnding,
  validScope,
  validGrouping,
  validMs,
  validReason,
} from "./validate.ts";
import { referencesOf } from "./restraints/risk-options.ts";
import { type PlaceBatch, placeBatch } from "./place-batch.ts";
import { orderView } from "./views/views.ts";

type CancelAllOptions = NonNullable<Parameters<Engine["cancelAll"]>[0]>;

export type EngineParts = {
  readonly core: Core;
  readonly venue: Venue;
  readonly limits: Limits;
  readonly mark: CloidMark;
  readonly freshCloid: () => Cloid;
  /** Never throws; absent when no limit needs it. */
  readonly referencePrice?: (coin: string) => string | undefined;
};

/** The engine as its users hold it: checks what they ask, and turns it into commands for the inbox. */
export class TradingEngine implements Engine {
  readonly #core: Core;
  readonly #parts: EngineParts;
  readonly #handles = new WeakMap<TrackedOrder, OrderHandle>();
  /** Cancels that somebody waits for. */
  readonly #cancels = new WeakMap<TrackedOrder, Promise<Canceled>>();
  #closing: Promise<CloseResult> | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#core = parts.core;
  }

  get mark(): string {
    return this.#parts.mark;
  }

  get account(): Address {
    return this.#parts.venue.account;
  }

  get ticks$(): Engine["ticks$"] {
    return this.#core.publisher.hub.ticks$;
  }

  get fills$(): Engine["fills$"] {
    return this.#core.publisher.fills.observable$;
  }

  get alarms$(): Engine["alarms$"] {
    return this.#core.publisher.alarms.observable$;
  }

  get budget$(): Engine["budget$"] {
    return this.#core.publisher.budgets.observable$;
  }

  get budgets(): Engine["budgets"] {
    return this.#core.budgets();
  }

  get doubts$(): Engine["doubts$"] {
    return this.#core.publisher.doubts.observable$;
  }

  get timings$(): Engine["timings$"] {
    return this.#core.publisher.timings.observable$;
  }

  get status$(): Engine["status$"] {
    return this.#core.publisher.statuses.observable$;
  }

  get status(): Engine["status"] {
    return this.#core.status();
  }

  get counters(): Engine["counters"] {
    return this.#core.counters.read();
  }

  get certificate(): Engine["certificate"] {
    return this.#core.certificate;
  }

  get orders(): Engine["orders"] {
    return [...this.#core.registry.orders.values()].map(orderView);
  }

  get positions(): Engine["positions"] {
    return this.#core.positions();
  }

  get exposure(): Engine["exposure"] {
    return this.#core.exposure();
  }

  ticksFrom(sequence: number): Engine["ticks$"] {
    return this.#core.publisher.hub.from(sequence);
  }

  onTick(...[listener, from]: Parameters<Engine["onTick"]>): () => void {
    return this.#core.publisher.hub.listen(listener, from);
  }

  snapshot(): EngineSnapshot {
    const { orders, positions, exposure, status } = this;
    return { sequence: this.#core.sequence, orders, positions, exposure, status };
  }

  explain(cloid: string): Explanation {
    return this.#core.explain(cloid);
  }

  market(coin: string): ReturnType<Engine["market"]> {
    return this.#parts.venue.market(coin);
  }

  order(cloid: string): OrderHandle | undefined {
    const known = readCloid(cloid);
    const order = known === undefined ? undefined : this.#core.order(known);
    return order === undefined ? undefined : this.#handle(order);
  }

  place(spec: PlaceSpec): OrderHandle {
    const [handle] = this.placeMany([spec]);
    if (handle === undefined) throw invalidSpec("spec", spec, "must be one order");
    return handle;
  }

  placeMany(
    specs: readonly PlaceSpec[],
    options: { readonly grouping?: Grouping } = {},
  ): readonly OrderHandle[] {
    this.#assertOpen();
    this.#checked(() => checkOptionsOf("placeMany", options, { grouping: true }));
    const grouping = this.#checked(() => validGrouping(options.grouping ?? "na"));
    const { orders, ...how } = this.#checked(() => this.#batchOf(specs, grouping));
    const references = this.#references(orders.map(({ terms }) => terms.coin));
    const tracked = orders.map((order) => this.#core.prepare(order));
    const handles = tracked.map((order) => this.#handle(order));
    this.#core.ask({ kind: "place", orders, grouping, ...how, ...references });
    return handles;
  }

  async modify(cloid: string, spec: ModifySpec): Promise<Modified> {
    this.#assertOpen();
    const order = this.#core.order(parseCloid(cloid));
    if (order === undefined) return { kind: "refused", by: "local", reason: "unknownOrder" };
    return this.#modify(order, spec);
  }

  async cancel(cloid: string): Promise<Canceled> {
    const [result] = await this.cancelMany([cloid]);
    return result ?? { kind: "unknownOrder" };
  }

  async cancelMany(cloids: readonly string[]): Promise<readonly Canceled[]> {
    this.#assertOpen();
    assertList("cloids", cloids);
    const wanted = cloids.map((cloid) => parseCloid(cloid));
    // Found before anything is done: what a cancel ends may be reaped in the same step.
    const orders = wanted.map((cloid) => this.#core.order(cloid));
    const ended = orders.map((order, index) => this.#whenCanceled(order, wanted[index]));
    this.#core.ask({ kind: "cancel", cloids: wanted });
    return Promise.all(ended);
  }

  async cancelAll(options: CancelAllOptions = {}): Promise<CancelAllResult> {
    this.#assertOpen();
    const { limits, venue } = this.#parts;
    const known = { scope: true, coin: true, keepReduceOnly: true, withinMs: true } as const;
    checkOptionsOf("cancelAll", options, known);
    const withinMs = validMs("withinMs", options.withinMs ?? limits.cancelAllMs);
    const scope = validScope(options.scope ?? "ours");
    const keepReduceOnly = flag("keepReduceOnly", options.keepReduceOnly);
    const coin = options.coin === undefined ? {} : { coin: marketFor(options.coin, venue).coin };
    return new Promise((resolve) => {
      const command = { kind: "cancelAll", scope, ...coin, keepReduceOnly, withinMs } as const;
      this.#core.ask(command, (id) => this.#core.callers.onSwept(id, resolve));
    });
  }

  halt(reason: string, options: { readonly cancel?: boolean } = {}): void {
    this.#assertOpen();
    checkOptionsOf("halt", options, { cancel: true });
    const cancel = flag("cancel", options.cancel);
    this.#core.ask({ kind: "halt", reason: validReason(reason), cancel });
  }

  resume(): void {
    this.#assertOpen();
    this.#core.ask({ kind: "resume" });
  }

  async reconcile(): Promise<Certificate> {
    this.#assertOpen();
    return new Promise((resolve) => {
      this.#core.ask({ kind: "reconcile" }, (id) => this.#core.callers.onReconciled(id, resolve));
    });
  }

  async close(
    options: { readonly orders?: Ending; readonly withinMs?: number } = {},
  ): Promise<CloseResult> {
    checkOptionsOf("close", options, { orders: true, withinMs: true });
    const orders = validEnding(options.orders ?? "cancel");
    const withinMs = validMs("withinMs", options.withinMs ?? this.#parts.limits.cancelAllMs);
    this.#closing ??= this.#close(orders, withinMs);
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(orders: Ending, withinMs: number): Promise<CloseResult> {
    const result = await new Promise<CancelAllResult>((resolve) => {
      const command = { kind: "close", orders, withinMs } as const;
      this.#core.ask(command, (id) => this.#core.callers.onSwept(id, resolve));
    });
    const doubtful = this.#core.doubts();
    this.#core.stop();
    return { ...result, doubtful };
  }

  /** The handle knows its order also when its tombstone is forgotten. */
  #cancel(order: TrackedOrder): Promise<Canceled> {
    if (order.state !== "reaped") return this.cancel(order.cloid);
    return this.#whenCanceled(order, order.cloid);
  }

  #modify(order: TrackedOrder, spec: ModifySpec): Promise<Modified> {
    this.#assertOpen();
    const market = marketFor(order.terms.coin, this.#parts.venue);
    const terms = this.#checked(() => validateModify(spec, market));
    // Its cloid may be another order's by now.
    if (order.state === "reaped") {
      return Promise.resolve({ kind: "refused", by: "local", reason: "orderEnded" });
    }
    const { expiresAfterMs } = this.#parts.limits;
    return new Promise((resolve) => {
      const how = { ...terms, expiresAfterMs, ...this.#references([order.terms.coin]) };
      const command = { kind: "modify", cloid: order.cloid, ...how } as const;
      this.#core.ask(command, (id) => this.#core.callers.onModified(id, resolve));
    });
  }

  /** What the coins are worth when the command is given: it is part of the command, so a replay needs nobody to ask. */
  #references(coins: readonly string[]): { references?: References } {
    const { referencePrice } = this.#parts;
    return referencePrice === undefined ? {} : { references: referencesOf(coins, referencePrice) };
  }

  #whenCanceled(order: TrackedOrder | undefined, cloid: Cloid | undefined): Promise<Canceled> {
    if (order !== undefined) return this.#whenEnded(order);
    return Promise.resolve(cloid === undefined ? { kind: "unknownOrder" } : this.#buried(cloid));
  }

  /** One promise for all who wait: a strategy may ask again and again. */
  #whenEnded(order: TrackedOrder): Promise<Canceled> {
    const awaited = this.#cancels.get(order);
    if (awaited !== undefined) return awaited;
    const ended = whenKnown(order, () => cancellation(order, this.#core.isStopped)).finally(() => {
      this.#cancels.delete(order);
    });
    this.#cancels.set(order, ended);
    return ended;
  }

  #buried(cloid: Cloid): Canceled {
    return this.#core.registry.tombstone(undefined, cloid) === undefined
      ? { kind: "unknownOrder" }
      : { kind: "settled", ...this.#core.registry.epitaph(cloid) };
  }

  #batchOf(specs: readonly PlaceSpec[], grouping: Grouping): PlaceBatch {
    const { venue, limits, freshCloid } = this.#parts;
    const knows = (cloid: Cloid): boolean => this.#core.knows(cloid);
    return placeBatch({ specs, grouping }, { venue, limits, freshCloid, knows });
  }

  #handle(order: TrackedOrder): OrderHandle {
    const known = this.#handles.get(order);
    if (known !== undefined) return known;
    const handle = orderHandle(order, {
      isStopped: () => this.#core.isStopped,
      changes: (tracked) => this.#core.publisher.changesOf(tracked),
      modify: (tracked, spec) => this.#modify(tracked, spec),
      cancel: (tracked) => this.#cancel(tracked),
    });
    this.#handles.set(order, handle);
    return handle;
  }

  /** What breaks a rule leaves no trace but a number. */
  #checked<T>(check: () => T): T {
    try {
      return check();
    } catch (error) {
      this.#core.counters.add("refusedSpecs");
      throw error;
    }
  }

  #assertOpen(): void {
    if (this.#core.isStopped) throw new CloisterError("closed", "the engine is closed");
  }
}
