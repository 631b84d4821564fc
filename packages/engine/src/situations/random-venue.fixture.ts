import {
  add,
  type Answer,
  type CancelCause,
  type Cloid,
  compare,
  type CopyId,
  type Decimal,
  type ElementStatus,
  type Fill,
  type ManualClock,
  minDecimal,
  type Mouth,
  type Oid,
  type OrderReport,
  type OrderTerms,
  type OrderWord,
  parseDecimal,
  parseOid,
  type Query,
  type Random,
  type ReadId,
  readTid,
  type Report,
  type SignedAction,
  subtract,
  type VenueAction,
  type VenueFact,
  ZERO,
} from "@cloister/model";
import { ScriptedVenue } from "./scripted-venue.fixture.ts";

type Leg = {
  readonly oid: Oid;
  readonly cloid: Cloid;
  readonly terms: OrderTerms;
  readonly placedAt: number;
  filled: Decimal;
  /** undefined while it is open. */
  end: { readonly word: OrderWord; readonly at: number } | undefined;
};

/** How bad the weather is: chances from 0 to 1. */
export type Weather = {
  readonly lost: number;
  readonly repeated: number;
  readonly failedRead: number;
  readonly refused: number;
  /** Of a signer that is late, silent or broken. */
  readonly signer: number;
  /** Of each message and answer, ms at most. */
  readonly delayMs: number;
};

/**
 * A small exchange with a truth of its own, behind bad weather: requests, answers and words are delayed, reordered,
 * repeated and lost; what happened to the orders is not. Nonces are spent once, as the real one does it.
 */
export class RandomVenue extends ScriptedVenue {
  readonly legs = new Map<Oid, Leg>();
  /** Everything that traded. */
  readonly fills: Fill[] = [];
  weather: Weather;
  isLost = false;
  readonly #clock: ManualClock;
  readonly #random: Random;
  readonly #spent = new Set<number>();
  #lastOid = 100;
  #lastTid = 0;

  constructor(clock: ManualClock, random: Random, weather: Weather) {
    super();
    this.#clock = clock;
    this.#random = random;
    this.weather = weather;
  }

  /** The venue's hour. */
  get at(): number {
    return this.#clock.wallMs();
  }

  /** Signed position by what traded. */
  position(): Decimal {
    return this.fills.reduce(
      (sum, { side, size }) => (side === "buy" ? add(sum, size) : subtract(sum, size)),
      ZERO,
    );
  }

  openSize(side: "buy" | "sell"): Decimal {
    let sum = ZERO;
    for (const leg of this.legs.values()) {
      if (leg.end === undefined && leg.terms.side === side) sum = add(sum, leavesOf(leg));
    }
    return sum;
  }

  /** Signs at once, late, twice, or not at all. */
  override sign(...[action, terms, done]: Parameters<ScriptedVenue["sign"]>): void {
    const signed = { ...terms, payload: JSON.stringify(action) };
    const finish = (): void => done({ kind: "signed", signed });
    if (this.#chance(this.weather.signer)) {
      const dice = this.#random.next();
      if (dice < 0.2) throw new Error("the signer is out of order");
      if (dice < 0.4) done({ kind: "failed", reason: "weather" });
      if (dice < 0.6) this.#clock.after(1_500, finish);
      if (dice > 0.4) this.#later(finish);
    } else finish();
  }

  /** The connection goes, or comes back. */
  turn(): void {
    this.isLost = !this.isLost;
    const epoch = 1;
    const lost = { type: "connection.lost", epoch, reason: "storm" } as const;
    this.says(this.isLost ? lost : { type: "connection.live", epoch });
  }

  /** Another connection follows, unless there is none. */
  override distrust(reason: string): void {
    this.distrusted.push(reason);
    if (this.isLost) return;
    this.turn();
    this.#clock.after(500, () => {
      if (this.isLost) this.turn();
    });
  }

  override write(copy: CopyId, signed: SignedAction, mouth: Mouth): void {
    if (this.#chance(this.weather.signer / 10)) throw new Error("the pipe broke");
    super.write(copy, signed, mouth);
    const action = this.written.at(-1)?.action;
    if (action === undefined || this.#chance(this.weather.lost / 2)) return;
    this.#later(() => {
      const answer = this.#admit(action, signed);
      this.#say({ type: "copy.answered", copy, mouth, answer });
    });
  }

  override read(read: ReadId, query: Query): void {
    this.#later(() => {
      const fails = this.#chance(this.weather.failedRead);
      const report = fails ? undefined : this.#report(query);
      this.#later(() =>
        this.says(
          report === undefined
            ? { type: "read.failed", read, reason: "weather" }
            : { type: "read.answered", read, report },
        ),
      );
    });
  }

  /** Somebody takes a part of an open order. */
  trade(): void {
    const open = [...this.legs.values()].filter(({ end }) => end === undefined);
    const leg = open.at(Math.floor(this.#random.next() * open.length));
    if (leg !== undefined) this.#fill(leg, this.#chance(0.5) ? leg.terms.size : LOT);
  }

  /** The venue cancels an open order by itself. */
  disturb(cause: CancelCause): void {
    for (const leg of this.legs.values()) {
      if (leg.end === undefined && this.#chance(0.2)) this.#end(leg, { kind: "canceled", cause });
    }
  }

  #admit(action: VenueAction, signed: SignedAction): Answer {
    const { nonce, expiresAfter } = signed;
    if (this.#spent.has(nonce)) {
      return { admission: "nonceSpent", how: "duplicate", text: "duplicate nonce" };
    }
    if (expiresAfter !== undefined && this.at > expiresAfter) {
      return { admission: "expired", text: "expired" };
    }
    this.#spent.add(nonce);
    switch (action.kind) {
      case "place":
        return admittedAs(action.orders.map(({ cloid, terms }) => this.#place(cloid, terms)));
      case "cancel":
        return admittedAs(action.targets.map(({ oid }) => this.#cancel(this.legs.get(oid))));
      case "cancelByCloid":
        return admittedAs(action.targets.map(({ cloid }) => this.#cancel(this.#leg(cloid))));
      case "modify": {
        const target = this.legs.get(parseOid(action.target));
        return admittedAs([this.#modify(target, action.order.terms)]);
      }
      case "noop":
      case "scheduleCancel":
      case "updateLeverage":
        return { admission: "admittedBare" };
    }
  }

  #place(cloid: Cloid, terms: OrderTerms): ElementStatus {
    if (this.#chance(this.weather.refused)) {
      return { kind: "error", cause: "margin", text: "no margin", wholeBatch: false };
    }
    this.#lastOid += 1;
    const oid = parseOid(this.#lastOid);
    const leg: Leg = { oid, cloid, terms, placedAt: this.at, filled: ZERO, end: undefined };
    this.legs.set(oid, leg);
    this.#tell(leg, { kind: "open" });
    return { kind: "resting", oid, cloid };
  }

  #cancel(leg: Leg | undefined): ElementStatus {
    if (leg === undefined || leg.end !== undefined) return GONE;
    this.#end(leg, { kind: "canceled", cause: "requested" });
    return { kind: "success" };
  }

  #modify(leg: Leg | undefined, terms: OrderTerms): ElementStatus {
    if (leg === undefined || leg.end !== undefined) return GONE;
    this.#end(leg, { kind: "canceled", cause: "requested" });
    return this.#place(leg.cloid, terms);
  }

  #fill(leg: Leg, wanted: Decimal): void {
    const size = minDecimal(wanted, leavesOf(leg));
    this.#lastTid += 1;
    const tid = readTid(this.#lastTid);
    if (tid === undefined || size === ZERO) return;
    const { coin, side, price } = leg.terms;
    const fill: Fill = {
      ...{ coin, oid: leg.oid, tid, side, price, size, at: this.at },
      ...(this.#chance(0.5) ? { cloid: leg.cloid } : {}),
      ...{ startPosition: this.position(), fee: LOT, feeToken: "USDC", closedPnl: ZERO },
      ...{ taker: false, direction: "", hash: "" },
    };
    leg.filled = add(leg.filled, size);
    this.fills.push(fill);
    this.#say({ type: "fill", fill, snapshot: this.#chance(0.2) });
    if (leavesOf(leg) === ZERO) this.#end(leg, { kind: "filled" });
  }

  #end(leg: Leg, word: OrderWord): void {
    leg.end = { word, at: this.at };
    this.#tell(leg, word);
  }

  #tell(leg: Leg, word: OrderWord): void {
    const report = { ...reportOf(leg), word, raw: word.kind, at: this.at };
    this.#say({ type: "order", report });
  }

  #report(query: Query): Report {
    const at = this.at;
    switch (query.kind) {
      case "openOrders": {
        const open = [...this.legs.values()].filter(({ end }) => end === undefined);
        return { kind: "openOrders", orders: open.map((leg) => reportOf(leg)) };
      }
      case "positions": {
        const first = this.fills.at(0);
        const positions = first === undefined ? [] : [{ coin: first.coin, size: this.position() }];
        return { kind: "positions", positions, at };
      }
      case "budget":
        return { kind: "budget", used: 0, cap: 10_000, surplus: 0, volume: ZERO };
      case "key":
        return { kind: "key", permission: { kind: "own" } };
      case "markets":
        return { kind: "markets", changes: [] };
      case "fills": {
        const fills = this.fills.filter((fill) => fill.at >= query.fromMs);
        return { kind: "fills", fills, complete: !this.#chance(this.weather.failedRead) };
      }
      case "orderStatus": {
        const { key } = query;
        const leg = typeof key === "string" ? this.#leg(key) : this.legs.get(key);
        return leg === undefined
          ? { kind: "orderStatus" }
          : { kind: "orderStatus", found: reportOf(leg) };
      }
    }
  }

  /** By cloid the newest leg answers. */
  #leg(cloid: string): Leg | undefined {
    let newest: Leg | undefined;
    for (const leg of this.legs.values()) if (leg.cloid === cloid) newest = leg;
    return newest;
  }

  /** A message: late, perhaps twice, perhaps never. */
  #say(fact: VenueFact): void {
    const { lost, repeated } = this.weather;
    if (!this.#chance(lost)) this.#later(() => this.says(fact));
    if (this.#chance(repeated)) this.#later(() => this.says(fact));
  }

  #later(work: () => void): void {
    this.#clock.after(Math.floor(this.#random.next() * this.weather.delayMs), work);
  }

  #chance(of: number): boolean {
    return this.#random.next() < of;
  }
}

const LOT = parseDecimal("0.0002");
const GONE: ElementStatus = {
  kind: "error",
  cause: "alreadyGone",
  text: "gone",
  wholeBatch: false,
};

function admittedAs(statuses: readonly ElementStatus[]): Answer {
  return { admission: "admitted", statuses };
}

function leavesOf({ terms, filled }: Leg): Decimal {
  return compare(terms.size, filled) > 0 ? subtract(terms.size, filled) : ZERO;
}

function reportOf(leg: Leg): OrderReport {
  const { oid, cloid, terms, placedAt, end } = leg;
  const { coin, side, price, size } = terms;
  const word = end?.word ?? ({ kind: "open" } as const);
  return {
    ...{ coin, oid, cloid, side, price, size, placedAt, word },
    remaining: leavesOf(leg),
    raw: word.kind,
    at: end?.at ?? placedAt,
  };
}
