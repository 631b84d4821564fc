import type { Decimal } from "@cloister/model";

/** Positions kept that do not join yet; beyond, the chain begins anew. */
const OPEN_MAX = 1_000;

/**
 * Whether the fills of a coin join: each begins at the position in which another ended (protocol §4.2). It counts
 * how often each position was begun at and ended in, so neither the order of fills nor those of one
 * millisecond matter, and what joins is not kept.
 */
export class Chain {
  readonly #balance = new Map<Decimal, number>();
  #anchored: boolean;
  #unled = 0;

  /** `base`: where the first fill begins; undefined when nobody knows. */
  constructor(base: Decimal | undefined) {
    this.#anchored = base !== undefined;
    if (base !== undefined) this.#count(base, -1);
  }

  /** Positions at which a fill began and in which none ended. */
  get gaps(): number {
    return Math.max(0, this.#unled - (this.#anchored ? 0 : 1));
  }

  add(start: Decimal, end: Decimal): void {
    this.#count(start, 1);
    this.#count(end, -1);
    if (this.#balance.size <= OPEN_MAX) return;
    this.#balance.clear();
    this.#unled = 0;
    this.#anchored = false;
    this.#count(end, -1);
  }

  #count(position: Decimal, by: 1 | -1): void {
    const before = this.#balance.get(position) ?? 0;
    const after = before + by;
    if (after === 0) this.#balance.delete(position);
    else this.#balance.set(position, after);
    this.#unled += Math.max(0, after) - Math.max(0, before);
  }
}
