import { filledOf, isModifyOpen, leavesOf } from "@cloister/machines";
import {
  add,
  type Cloid,
  compare,
  type Decimal,
  formatDecimal,
  isLive,
  type Oid,
  subtract,
  ZERO,
} from "@cloister/model";
import type { Policies } from "../options.ts";
import type { TrackedOrder } from "../registry/tracked-order.ts";
import type { Turn } from "../inbox/turn.ts";

/** A modify that landed: what had been filled when what shall rest was counted, and the legs before and after. */
export type LandedModify = {
  readonly filledBefore: Decimal;
  readonly replaces: Oid;
  readonly oid: Oid;
};

type Entry = LandedModify & {
  /** What was told already, and what of it is still to be taken off. */
  told: Decimal;
  owed: Decimal;
};

type Ports = {
  readonly policies: Policies;
  readonly turn: () => Turn;
  /** Whether a modify of the order waits, or one is on its way. */
  readonly isBusy: (order: TrackedOrder) => boolean;
  /** Rests this much less; all of it when nothing would be left. */
  readonly reduce: (order: TrackedOrder, leaves: Decimal) => void;
  readonly cancel: (order: TrackedOrder) => void;
};

/**
 * A fill that races a modify fills the old leg while the new one is as large as if it had not: the order may fill
 * more than was intended, by exactly what the old legs filled since it was counted (situation 77).
 */
export class ExcessWatch {
  readonly #ports: Ports;
  readonly #open = new Map<Cloid, Entry>();

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  get open(): number {
    return this.#open.size;
  }

  /** Returns what is in excess as far as it is known now. */
  landed(order: TrackedOrder, modify: LandedModify): Decimal {
    this.#open.set(order.cloid, { ...modify, told: ZERO, owed: ZERO });
    this.consider(order);
    return this.#open.get(order.cloid)?.told ?? ZERO;
  }

  /** The order has news: a fill of its old leg may have come. */
  consider(order: TrackedOrder): void {
    const entry = this.#open.get(order.cloid);
    if (entry === undefined) return;
    const excess = subtract(filledBefore(order, entry), entry.filledBefore);
    if (compare(excess, entry.told) > 0) this.#tell(order, entry, excess);
    if (entry.owed !== ZERO) this.#takeOff(order, entry);
  }

  /** The order leaves the book. */
  forget({ cloid }: TrackedOrder): void {
    this.#open.delete(cloid);
  }

  #tell({ cloid }: TrackedOrder, entry: Entry, excess: Decimal): void {
    const { policies, turn } = this.#ports;
    const more = subtract(excess, entry.told);
    entry.told = excess;
    if (policies.onExcess === "reduce") entry.owed = add(entry.owed, more);
    const text = `leg ${entry.replaces} filled ${formatDecimal(excess)} while it was replaced by ${entry.oid}`;
    turn().alarm("excess", text, cloid);
  }

  /** One modify at a time: what cannot be taken off now is, once the order is free. */
  #takeOff(order: TrackedOrder, entry: Entry): void {
    const { cancel, isBusy, reduce } = this.#ports;
    if (!isLive(order.state)) {
      entry.owed = ZERO;
      return;
    }
    if (isBusy(order) || isModifyOpen(order.facts)) return;
    const leaves = subtract(leavesOf(order.facts), entry.owed);
    entry.owed = ZERO;
    if (compare(leaves, ZERO) > 0) reduce(order, leaves);
    else cancel(order);
  }
}

/** What every leg up to the replaced one has filled. */
function filledBefore({ facts }: TrackedOrder, { replaces, oid }: LandedModify): Decimal {
  let filled = filledOf(facts);
  for (const leg of facts.legs) {
    if (leg.oid > replaces || leg.oid === oid) filled = subtract(filled, leg.filled);
  }
  return filled;
}
