import {
  type Cause,
  type Cloid,
  type Coin,
  type Decimal,
  type Fill,
  formatDecimal,
  type Oid,
  type OrderEvent,
  type OrderState,
  ZERO,
} from "@cloister/model";
import { BoundedMap } from "./bounded-map.ts";
import type { TrackedOrder } from "./tracked-order.ts";

/** An order on the account that is not in our book: what the venue said of it, kept in case it proves ours. */
export type Stranger = {
  readonly oid: Oid;
  readonly coin: Coin;
  readonly cloid?: Cloid;
  readonly evidence: OrderEvent[];
};

/** What is left of a reaped order: enough to answer late events. */
export type Tombstone = {
  readonly cloid: Cloid;
  readonly tag: string | undefined;
  readonly coin: Coin;
  readonly state: OrderState;
  readonly cause?: Cause;
  readonly filled: Decimal;
  readonly oids: Oid[];
  /** Wall time at which it left, Unix ms, and the tick that says so. */
  readonly reapedAtMs: number;
  readonly sequence: number;
  /** Its end was only inferred, by reads that began then (venue ms). */
  readonly absentAt?: number;
};

/** Evidence kept per stranger: a stranger that trades a lot must not grow without end. */
const EVIDENCE_MAX = 64;

/** Oids bound per order: one that is modified for days must not grow without end. Older ones are found by cloid. */
const OIDS_MAX = 1_024;

/**
 * Whom an event is about, in one look-up: oid → order, else cloid → order, else the strangers' ledger.
 * Binding an oid to an order drains what the strangers hold for it.
 */
export class Registry {
  readonly #orders = new Map<Cloid, TrackedOrder>();
  readonly #byOid = new Map<Oid, TrackedOrder>();
  readonly #strangers: BoundedMap<Oid, Stranger>;
  /** The cloids that strangers carry: nobody may place under them. */
  readonly #strangerCloids = new Map<Cloid, Oid>();
  readonly #tombstones: BoundedMap<Cloid, Tombstone>;
  readonly #graves = new Map<Oid, Cloid>();
  readonly #forgotten: (tombstone: Tombstone) => void;

  constructor(
    limits: { readonly tombstones: number; readonly strangersMax: number },
    forgotten: (tombstone: Tombstone) => void = () => undefined,
  ) {
    this.#forgotten = forgotten;
    this.#strangers = new BoundedMap(limits.strangersMax, (_, stranger) => this.#unname(stranger));
    this.#tombstones = new BoundedMap(limits.tombstones, (_, tombstone) => this.#forget(tombstone));
  }

  get orders(): ReadonlyMap<Cloid, TrackedOrder> {
    return this.#orders;
  }

  /** Legs of tracked orders. */
  get oids(): number {
    return this.#byOid.size;
  }

  /** Orders that are not ours, remembered. */
  get strangers(): number {
    return this.#strangers.size;
  }

  /** Whether the cloid is taken, by a tracked order, one that was, or somebody else's. */
  knows(cloid: Cloid): boolean {
    return (
      this.#orders.has(cloid) || this.#tombstones.has(cloid) || this.#strangerCloids.has(cloid)
    );
  }

  /** Whether an order of others is known to have been open. */
  isOpenStranger(oid: Oid): boolean {
    const told = this.#strangers.get(oid)?.evidence;
    return told?.some(({ type }) => type === "venue.accepted") === true;
  }

  find(oid: Oid, cloid?: Cloid): TrackedOrder | undefined {
    return this.#byOid.get(oid) ?? (cloid === undefined ? undefined : this.#orders.get(cloid));
  }

  isBound(oid: Oid): boolean {
    return this.#byOid.has(oid);
  }

  order(cloid: Cloid): TrackedOrder | undefined {
    return this.#orders.get(cloid);
  }

  tombstone(oid: Oid | undefined, cloid?: Cloid): Tombstone | undefined {
    const named = cloid ?? (oid === undefined ? undefined : this.#graves.get(oid));
    return named === undefined ? undefined : this.#tombstones.get(named);
  }

  /** An order of others that carries this cloid. */
  stranger(cloid: Cloid): Stranger | undefined {
    const oid = this.#strangerCloids.get(cloid);
    return oid === undefined ? undefined : this.#strangers.get(oid);
  }

  /** How a reaped order ended. */
  epitaph(cloid: Cloid): { readonly state: OrderState; readonly filled: string } {
    const tombstone = this.#tombstones.get(cloid);
    return {
      state: tombstone?.state ?? "reaped",
      filled: formatDecimal(tombstone?.filled ?? ZERO),
    };
  }

  add(order: TrackedOrder): void {
    this.#orders.set(order.cloid, order);
  }

  /** Binds the oid to the order. Returns what the strangers held for it, in the order it came. */
  bind(oid: Oid, order: TrackedOrder): readonly OrderEvent[] {
    if (this.#byOid.get(oid) === order) return [];
    this.#byOid.set(oid, order);
    order.oids.push(oid);
    if (order.oids.length > OIDS_MAX) this.#unbind(order.oids.shift(), order);
    const stranger = this.#strangers.get(oid);
    if (stranger === undefined) return [];
    this.#strangers.delete(oid);
    this.#unname(stranger);
    return stranger.evidence;
  }

  /** Keeps what was said of an order that we do not know. Returns whether it is new to us. */
  keepStranger(about: { oid: Oid; coin: Coin; cloid?: Cloid }, evidence: OrderEvent): boolean {
    const known = this.#strangers.get(about.oid);
    if (known === undefined) {
      this.#strangers.set(about.oid, { ...about, evidence: [evidence] });
      if (about.cloid !== undefined) this.#strangerCloids.set(about.cloid, about.oid);
      return true;
    }
    // The same word again says no more: a list that is pushed all day must not push out the fills.
    const isRepeated = known.evidence.some((told) => told.type === "venue.accepted");
    if (evidence.type === "venue.accepted" && isRepeated) return false;
    if (
      evidence.type === "venue.fill" &&
      known.evidence.some((told) => isSameFill(told, evidence))
    ) {
      return false;
    }
    known.evidence.push(evidence);
    if (known.evidence.length > EVIDENCE_MAX) known.evidence.shift();
    return false;
  }

  /** Takes a reaped order out; its tombstone answers from now on. */
  bury(order: TrackedOrder, tombstone: Tombstone): void {
    this.#orders.delete(order.cloid);
    for (const oid of order.oids) this.#unbind(oid, order);
    for (const oid of tombstone.oids) this.#graves.set(oid, order.cloid);
    this.#tombstones.set(order.cloid, tombstone);
  }

  /** A leg that was told of after the end. Returns whether it is new to us. */
  haunt(oid: Oid, tombstone: Tombstone): boolean {
    if (tombstone.oids.includes(oid)) return false;
    if (tombstone.oids.length < OIDS_MAX) {
      tombstone.oids.push(oid);
      this.#graves.set(oid, tombstone.cloid);
    }
    return true;
  }

  #unname({ oid, cloid }: Stranger): void {
    if (cloid !== undefined && this.#strangerCloids.get(cloid) === oid) {
      this.#strangerCloids.delete(cloid);
    }
  }

  #unbind(oid: Oid | undefined, order: TrackedOrder): void {
    if (oid !== undefined && this.#byOid.get(oid) === order) this.#byOid.delete(oid);
  }

  #forget(tombstone: Tombstone): void {
    for (const oid of tombstone.oids) {
      if (this.#graves.get(oid) === tombstone.cloid) this.#graves.delete(oid);
    }
    this.#forgotten(tombstone);
  }
}

function isSameFill(told: OrderEvent, { key }: { readonly key: string }): boolean {
  return told.type === "venue.fill" && told.key === key;
}

/** Whose fill it is: a tracked order's, a buried one's, or nobody's of ours. */
export type FillOwner =
  | { readonly kind: "order"; readonly order: TrackedOrder }
  | { readonly kind: "buried"; readonly tombstone: Tombstone }
  | { readonly kind: "stranger" };

export function ownerOf(registry: Registry, fill: Fill): FillOwner {
  const order = registry.find(fill.oid, fill.cloid);
  if (order !== undefined) return { kind: "order", order };
  const tombstone = registry.tombstone(fill.oid, fill.cloid);
  return tombstone === undefined ? { kind: "stranger" } : { kind: "buried", tombstone };
}
