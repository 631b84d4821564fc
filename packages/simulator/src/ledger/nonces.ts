const KEPT = 100;
const PAST_MS = 2 * 24 * 3_600_000;
const FUTURE_MS = 24 * 3_600_000;
/** Spent nonces that are still called duplicates below the floor; bounded, the oldest are forgotten first. */
const REMEMBERED = 10_000;

/** The nonces one signer has spent (protocol §10.3). */
export class NonceSet {
  readonly #spent = new Set<number>();
  /** The highest ones, ascending. */
  #kept: number[] = [];

  readonly #marginMs: number;

  /** `marginMs`: how much narrower the window is at both ends (protocol §16.7). */
  constructor(marginMs = 0) {
    this.#marginMs = marginMs;
  }

  /** Why a nonce cannot be used at a block time, in the venue's words; undefined when it can. */
  refusal(nonce: number, blockMs: number): string | undefined {
    if (this.#spent.has(nonce) || this.#kept.includes(nonce)) {
      return `Invalid nonce: duplicate nonce ${nonce}`;
    }
    const floor = this.#floor(blockMs);
    if (nonce <= floor) return `Invalid nonce: nonce too low ${nonce} < ${floor}`;
    const ceiling = blockMs + FUTURE_MS - this.#marginMs;
    if (nonce >= ceiling) return `Invalid nonce: nonce too high ${nonce} > ${ceiling}`;
    return undefined;
  }

  spend(nonce: number): void {
    this.#spent.add(nonce);
    insert(this.#kept, nonce);
    if (this.#kept.length > KEPT) this.#kept = this.#kept.slice(-KEPT);
    if (this.#spent.size > REMEMBERED) {
      const [oldest] = this.#spent;
      if (oldest !== undefined) this.#spent.delete(oldest);
    }
  }

  list(): number[] {
    return [...this.#spent];
  }

  #floor(blockMs: number): number {
    const lowest = this.#kept.length < KEPT ? 0 : (this.#kept[0] ?? 0);
    return Math.max(lowest, blockMs - PAST_MS + this.#marginMs);
  }
}

/** Puts a value into an ascending list, nearly always at its end. */
function insert(list: number[], value: number): void {
  let at = list.length;
  while (at > 0 && (list[at - 1] ?? 0) > value) at -= 1;
  list.splice(at, 0, value);
}
