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
import { Chain } from "./chain.ts";

type PositionsReport = Extract<Report, { readonly kind: "positions" }>;

/** What booking a fill came to. */
export type Booking =
  /** New to the account: attribute it. */
  | { readonly kind: "new"; readonly key: string }
  | { readonly kind: "repeated"; readonly key: string }
  /** Older than what is remembered or than our start: in the base already. */
  | { readonly kind: "history"; readonly key: string };

/** Signed base units. */
type Difference = {
  readonly coin: Coin;
  readonly ours: Decimal;
  readonly theirs: Decimal;
  /** Venue time of the report for this coin. */
  readonly at: number;
};

/** `startAt`: the hour of its first base; `baseAt`: of the one that counts. */
type CoinBook = {
  readonly startAt: number;
  readonly baseAt: number;
  readonly base: Decimal;
  sum: Decimal;
  readonly chain: Chain;
};

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
  /** Told the time of a key that was forgotten before its window was certified. */
  readonly #forgot: (at: number) => void;
  /** Coins of which fills do not join. */
  readonly #broken = new Set<Coin>();
  #floorMs = 0;
  #certifiedMs: number | undefined;
  #baseAt: number | undefined;
  #fills = 0;

  constructor(fillKeysMax: number, forgot: (at: number) => void = () => undefined) {
    this.#limit = fillKeysMax;
    this.#forgot = forgot;
  }

  get hasBase(): boolean {
    return this.#baseAt !== undefined;
  }

  /** Venue time from which on fills count on top of the base. */
  get baseAt(): number {
    return this.#baseAt ?? 0;
  }

  /** Venue time from which on fills must be read to miss none; undefined before the base is known. */
  get fillFloorMs(): number | undefined {
    return this.#certifiedMs ?? this.#baseAt;
  }

  /** Up to this venue time fills were read whole, from the base on; undefined before the first such read. */
  get certifiedMs(): number | undefined {
    return this.#certifiedMs;
  }

  /** A whole window of fills, up to this venue time, was read and booked. Never goes back. */
  certify(untilMs: number): void {
    this.#certifiedMs = Math.max(this.fillFloorMs ?? 0, untilMs);
  }

  /** Coins of which fills do not join, with how many gaps. */
  gaps(): readonly { readonly coin: Coin; readonly gaps: number }[] {
    return [...this.#broken].map((coin) => ({ coin, gaps: this.gapsOf(coin) }));
  }

  gapsOf(coin: Coin): number {
    return this.#coins.get(coin)?.chain.gaps ?? 0;
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
      const startAt = ownAt ?? this.#startOf(coin);
      this.#coins.set(coin, newBook(coin, size, { startAt, baseAt: startAt }));
    }
    for (const fill of this.#early.splice(0)) this.#count(fill);
  }

  /**
   * Takes the venue's word for a coin's position: what our fills make of it was proved wrong. A fill from before that
   * hour which comes after all is still news, and is in the position already.
   */
  rebase(coin: Coin, size: Decimal, at: number): void {
    this.#coins.set(coin, newBook(coin, size, { startAt: this.#startOf(coin), baseAt: at }));
    this.#broken.delete(coin);
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
      return ours === size ? [] : [{ coin, ours, theirs: size, at }];
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
    if (!this.isSinceStart(fill)) return { kind: "history", key };
    this.#count(fill);
    return { kind: "new", key };
  }

  /** Whether the fill is later than the first base: nobody wants to hear of older ones. */
  isSinceStart(fill: Fill): boolean {
    return this.#baseAt === undefined || fill.at > this.#startOf(fill.coin);
  }

  position(coin: Coin): Decimal {
    const book = this.#coins.get(coin);
    return book === undefined ? ZERO : add(book.base, book.sum);
  }

  coins(): readonly Coin[] {
    return [...this.#coins.keys()];
  }

  /** On top of the base: what is older is in it already. */
  #count(fill: Fill): void {
    const startAt = this.#startOf(fill.coin);
    const book =
      this.#coins.get(fill.coin) ?? newBook(fill.coin, ZERO, { startAt, baseAt: startAt });
    if (fill.at <= book.baseAt) return;
    this.#fills += 1;
    const effect = positionEffect(fill);
    book.sum = add(book.sum, effect);
    book.chain.add(fill.startPosition, add(fill.startPosition, effect));
    if (book.chain.gaps > 0) this.#broken.add(fill.coin);
    else this.#broken.delete(fill.coin);
    this.#lastFillAt.set(fill.coin, Math.max(this.#lastFillAt.get(fill.coin) ?? 0, fill.at));
    this.#coins.set(fill.coin, book);
  }

  /** The hour of the first base of a coin: its own, else that of its dex, else that of the whole report. */
  #startOf(coin: Coin): number {
    const own = this.#coins.get(coin)?.startAt;
    return own ?? this.#dexHours.get(dexOf(coin)) ?? this.#baseAt ?? 0;
  }

  /**
   * What is forgotten raises the floor: an older fill is then history, never a second booking. Below the certified
   * time that loses nothing; above it somebody is told.
   */
  #remember(key: string, at: number): void {
    this.#keys.set(key, at);
    if (this.#keys.size <= this.#limit) return;
    for (const [oldest, oldestAt] of this.#keys) {
      this.#keys.delete(oldest);
      this.#floorMs = Math.max(this.#floorMs, oldestAt + 1);
      if (oldestAt >= (this.#certifiedMs ?? 0)) this.#forgot(oldestAt);
      return;
    }
  }
}

/** A builder dex is named before the colon (protocol §11.3). */
function dexOf(coin: Coin): string {
  const colon = coin.indexOf(":");
  return colon < 0 ? "" : coin.slice(0, colon);
}

/** A spot balance moves by transfers too, and other pairs share its token: its first fill says where it began. */
function newBook(coin: Coin, base: Decimal, hours: Pick<CoinBook, "startAt" | "baseAt">): CoinBook {
  return { ...hours, base, sum: ZERO, chain: new Chain(isSpot(coin) ? undefined : base) };
}

/** Signed base units; a spot buy pays its fee out of what it received (protocol §4.2). */
function positionEffect(fill: Fill): Decimal {
  const size = fill.side === "buy" ? fill.size : negate(fill.size);
  return paysInBase(fill) ? add(size, negate(fill.fee)) : size;
}

function paysInBase(fill: Fill): boolean {
  return fill.side === "buy" && isSpot(fill.coin);
}

/** Spot coins are spelled `@107` or `PURR/USDC` (protocol §11.3). */
function isSpot(coin: Coin): boolean {
  return coin.startsWith("@") || coin.includes("/");
}
