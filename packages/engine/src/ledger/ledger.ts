import {
  add,
  type Coin,
  type Decimal,
  type Fill,
  fillKey,
  negate,
  type Report,
  ZERO,
} from "@cloister/model";

type PositionsReport = Extract<Report, { readonly kind: "positions" }>;

/** What booking a fill came to. */
export type Booking =
  /** New to the account: attribute it. */
  | { readonly kind: "new"; readonly key: string }
  | { readonly kind: "repeated"; readonly key: string }
  /** Older than what is remembered or than our start: in the base already. */
  | { readonly kind: "history"; readonly key: string };

/** Signed base units. */
type Difference = { readonly coin: Coin; readonly ours: Decimal; readonly theirs: Decimal };

type CoinBook = { base: Decimal; baseAt: number; sum: Decimal };

/**
 * The account's fills, each booked once whatever the channel, order or repetition (design rule 1),
 * and the positions they make: base, as the venue stated it at its own hour, and Σ later fills.
 */
export class Ledger {
  readonly #keys = new Map<string, number>();
  readonly #coins = new Map<Coin, CoinBook>();
  readonly #early: Fill[] = [];
  /** Venue time of the latest counted fill, by coin. */
  readonly #lastFillAt = new Map<Coin, number>();
  readonly #dexHours = new Map<string, number>();
  readonly #limit: number;
  #floorMs = 0;
  #baseAt: number | undefined;
  #fills = 0;

  constructor(fillKeysMax: number) {
    this.#limit = fillKeysMax;
  }

  get hasBase(): boolean {
    return this.#baseAt !== undefined;
  }

  /** Venue time from which on fills count on top of the base. */
  get baseAt(): number {
    return this.#baseAt ?? 0;
  }

  /** Fills that wait for the base. */
  get early(): number {
    return this.#early.length;
  }

  /** Distinct fills since the base. */
  get fills(): number {
    return this.#fills;
  }

  /** Takes the venue's positions as the base, once; fills that came before are sorted by its hour. */
  setBase({ positions, at, hours = [] }: Omit<PositionsReport, "kind">): void {
    if (this.#baseAt !== undefined) return;
    this.#baseAt = at;
    for (const hour of hours) this.#dexHours.set(hour.dex, hour.at);
    for (const { coin, size, at: ownAt } of positions) {
      this.#coins.set(coin, { base: size, baseAt: ownAt ?? this.#hourOf(coin), sum: ZERO });
    }
    for (const fill of this.#early.splice(0)) this.#count(fill);
  }

  /**
   * Where the venue's positions are not base and fills. A coin with a fill later than the report is left out:
   * the report cannot know it.
   */
  differences(report: PositionsReport): readonly Difference[] {
    const theirs = new Map(report.positions.map((position) => [position.coin, position]));
    const coins = new Set([...this.#coins.keys(), ...theirs.keys()]);
    return [...coins].flatMap((coin) => {
      const position = theirs.get(coin);
      const at =
        position?.at ?? report.hours?.find(({ dex }) => dex === dexOf(coin))?.at ?? report.at;
      if ((this.#lastFillAt.get(coin) ?? 0) > at) return [];
      const ours = this.position(coin);
      const size = position?.size ?? ZERO;
      return ours === size ? [] : [{ coin, ours, theirs: size }];
    });
  }

  book(fill: Fill): Booking {
    const key = fillKey(fill);
    if (this.#keys.has(key)) return { kind: "repeated", key };
    if (fill.at < this.#floorMs) return { kind: "history", key };
    this.#remember(key, fill.at);
    if (this.#baseAt === undefined) {
      this.#early.push(fill);
      // The base is read after these came: the oldest will be in it.
      if (this.#early.length >= 2 * this.#limit) this.#early.splice(0, this.#limit);
      return { kind: "new", key };
    }
    if (!this.isCounted(fill)) return { kind: "history", key };
    this.#count(fill);
    return { kind: "new", key };
  }

  /** Whether the fill counts on top of the base: older ones are in it already. */
  isCounted(fill: Fill): boolean {
    return this.#baseAt === undefined || fill.at > this.#hourOf(fill.coin);
  }

  position(coin: Coin): Decimal {
    const book = this.#coins.get(coin);
    return book === undefined ? ZERO : add(book.base, book.sum);
  }

  coins(): readonly Coin[] {
    return [...this.#coins.keys()];
  }

  #count(fill: Fill): void {
    if (!this.isCounted(fill)) return;
    this.#fills += 1;
    const baseAt = this.#hourOf(fill.coin);
    const book = this.#coins.get(fill.coin) ?? { base: ZERO, baseAt, sum: ZERO };
    book.sum = add(book.sum, positionEffect(fill));
    this.#lastFillAt.set(fill.coin, Math.max(this.#lastFillAt.get(fill.coin) ?? 0, fill.at));
    this.#coins.set(fill.coin, book);
  }

  /** The hour of the base of a coin: its own, else that of its dex, else that of the whole report. */
  #hourOf(coin: Coin): number {
    const own = this.#coins.get(coin)?.baseAt;
    return own ?? this.#dexHours.get(dexOf(coin)) ?? this.#baseAt ?? 0;
  }

  /** What is forgotten raises the floor: an older fill is then history, never a second booking. */
  #remember(key: string, at: number): void {
    this.#keys.set(key, at);
    if (this.#keys.size <= this.#limit) return;
    for (const [oldest, oldestAt] of this.#keys) {
      this.#keys.delete(oldest);
      this.#floorMs = Math.max(this.#floorMs, oldestAt + 1);
      return;
    }
  }
}

/** A builder dex is named before the colon (protocol §11.3). */
function dexOf(coin: Coin): string {
  const colon = coin.indexOf(":");
  return colon < 0 ? "" : coin.slice(0, colon);
}

/** Signed base units; a spot buy pays its fee out of what it received (protocol §4.2). */
function positionEffect(fill: Fill): Decimal {
  const size = fill.side === "buy" ? fill.size : negate(fill.size);
  return paysInBase(fill) ? add(size, negate(fill.fee)) : size;
}

/** Spot coins are spelled `@107` or `PURR/USDC` (protocol §11.3). */
function paysInBase(fill: Fill): boolean {
  return fill.side === "buy" && (fill.coin.startsWith("@") || fill.coin.includes("/"));
}
