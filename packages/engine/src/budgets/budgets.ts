import {
  type Answer,
  type Clock,
  type CopyId,
  divideCut,
  formatDecimal,
  type Mouth,
  type OrderTerms,
  parseDecimal,
  type Query,
  type Report,
  multiply,
} from "@cloister/model";
import type { Limits } from "../options.ts";
import { AddressBudget } from "./address-budget.ts";
import { type BudgetView, growing, level, rolling } from "./budget-view.ts";
import { Minute } from "./minute.ts";
import type { ReadRank } from "../reads/read-rank.ts";
import { PostsInFlight } from "./posts-in-flight.ts";
import { weightOfAction, weightOfQuery, weightOfReport, weightOfRows } from "./weights.ts";

type Ports = {
  readonly clock: Clock;
  readonly limits: Pick<
    Limits,
    | "addressReserve"
    | "cancelReserve"
    | "openOrdersBase"
    | "openOrdersMax"
    | "postsMax"
    | "restWeight"
    | "socketMessages"
  >;
  /** How many dexes the venue lists: a list is read once for each. */
  readonly dexes: () => number;
  /** The venue's hour, ms. */
  readonly venueNow: () => number;
  /** Orders of ours that live, as far as we know. */
  readonly ourOrders: () => number;
};

/** A write, as the venue counts it. */
export type Spent = { readonly mouth: Mouth; readonly cost: number; readonly isCancel: boolean };

/** What wants to leave, and what was let go before it and is not written yet. */
export type Wanted = {
  readonly isCancel: boolean;
  readonly cost: number;
  readonly mouth: Mouth;
  readonly unwritten: { readonly requests: number; readonly elements: number };
};

/** A fill of the account: venue time, and decimals as text. */
type Traded = {
  readonly coin: string;
  readonly price: string;
  readonly size: string;
  readonly at: number;
};

/** After HTTP 429, and after a refusal of a post: the venue counts more than we know of. */
const THROTTLED_MS = 10_000;
const POSTS_FULL_MS = 1_000;
/** So much of a budget by the minute is kept from places: for cancels, noops and what the socket says itself. */
const KEPT = 0.1;
/** Reads that only compare leave so much to trading and to the resolution of doubt. */
const COMPARING = 0.25;
/** So much of the weight each rank of reads leaves to those before it. */
const LEAVES: Readonly<Record<ReadRank, number>> = { urgent: 0, account: COMPARING, compare: KEPT };
/** No more fills are within the venue's reach (protocol §8.6). */
const ROWS_MAX = 10_000;
const MINUTE_MS = 60_000;
const RETRY_MS = 250;
const VOLUME_PER_OPEN_ORDER = parseDecimal("5000000");

/** Everything that the venue counts of us (protocol §12), counted here too, before it refuses. */
export class Budgets {
  readonly address: AddressBudget;
  readonly #ports: Ports;
  readonly #weight: Minute;
  readonly #messages: Minute;
  readonly #posts: PostsInFlight;
  /** Fills of the account. */
  readonly #fills: Minute;
  readonly #written = new Map<CopyId, Spent>();
  #strangers = 0;

  constructor(ports: Ports) {
    this.#ports = ports;
    const { clock, limits } = ports;
    this.address = new AddressBudget(clock);
    this.#weight = new Minute(clock, limits.restWeight);
    this.#messages = new Minute(clock, limits.socketMessages);
    this.#fills = new Minute(clock, Number.POSITIVE_INFINITY);
    this.#posts = new PostsInFlight(clock, limits.postsMax);
  }

  /** What is counted by the minute begins anew. */
  restarted(): void {
    for (const minute of [this.#weight, this.#messages, this.#fills]) minute.restarted();
  }

  /** Bytes are given to the venue. */
  wrote(copy: CopyId, spent: Spent): void {
    const { cost, mouth } = spent;
    this.#written.set(copy, spent);
    if (this.#written.size > WRITTEN_MAX) this.#forgetOldest();
    this.address.wrote(copy, cost);
    if (mouth === "rest") {
      this.#weight.add(weightOfAction(cost));
      return;
    }
    this.#messages.add(1);
    this.#posts.wrote(copy);
  }

  /** Returns whether the account's budget was the reason of a refusal. */
  answered(copy: CopyId, answer: Answer): boolean {
    const spent = this.#take(copy);
    if (spent === undefined) return false;
    this.address.answered(copy, answer, spent.isCancel);
    if (answer.admission !== "notAdmitted") return false;
    const isRest = spent.mouth === "rest";
    if (answer.reason === "throttled") {
      (isRest ? this.#weight : this.#messages).fill(THROTTLED_MS);
    }
    if (answer.reason === "tooManyPosts") this.#posts.fill(POSTS_FULL_MS);
    return answer.reason === "addressBudget";
  }

  failed(copy: CopyId, written: "never" | "maybe"): void {
    if (this.#take(copy) !== undefined) this.address.failed(copy, written);
  }

  /** The socket is gone, and what was posted by it. */
  lost(): void {
    this.#posts.lost();
  }

  asked(query: Query): void {
    this.#weight.add(weightOfQuery(query, this.#ports.dexes()));
  }

  told(report: Report): void {
    this.#weight.add(weightOfReport(report));
  }

  /** Nobody answered it: the venue may have counted its rows all the same. */
  unanswered(query: Query): void {
    this.#weight.add(this.#rowsWeight(query));
  }

  /** How long a read must wait for weight, by our own count: what matters less leaves some to what matters more. */
  readWaitMs(query: Query, rank: ReadRank): number {
    const weight = weightOfQuery(query, this.#ports.dexes()) + this.#rowsWeight(query);
    const { limit } = this.#weight;
    return this.#weight.roomMs(Math.min(limit, weight + Math.floor(limit * LEAVES[rank])));
  }

  /** Fills per ms, of late. */
  get fillPace(): number {
    return Math.max(this.#fills.used, this.#fills.perMinute) / MINUTE_MS;
  }

  /** A read was refused because there were too many. */
  throttled(): void {
    this.#weight.fill(THROTTLED_MS);
  }

  /** A trade of the account: the venue lets it send more. Dexes of others count for less, so not at all here. */
  traded({ coin, price, size, at }: Traded): void {
    this.#fills.add(1);
    if (coin.includes(":")) return;
    this.address.traded(multiply(parseDecimal(price), parseDecimal(size)), at);
  }

  /** Open orders on the account that are not in our book. */
  listed(strangers: number): void {
    this.#strangers = strangers;
  }

  /** How long it must wait for room; 0 when there is. Places wait first, cancels last. */
  waitMs(wanted: Wanted): number {
    if (wanted.isCancel) return this.#cancelWaitMs(wanted);
    const { limits } = this.#ports;
    const { mouth, cost, unwritten } = wanted;
    if (mouth === "rest") {
      const weight = weightOfAction(cost) + unwritten.requests;
      return Math.max(
        this.#addressWaitMs(wanted),
        this.#weight.waitMs(weight + kept(limits.restWeight)),
      );
    }
    const messages = 1 + unwritten.requests + kept(limits.socketMessages);
    const room = limits.postsMax - limits.cancelReserve - unwritten.requests;
    return Math.max(
      this.#addressWaitMs(wanted),
      this.#messages.waitMs(messages),
      this.#posts.used < room ? 0 : RETRY_MS,
    );
  }

  /** How long a read that only compares should wait, so that trading and doubt come first. */
  patienceMs(queries: readonly Query[]): number {
    const dexes = this.#ports.dexes();
    const weight = queries.reduce((sum, query) => sum + weightOfQuery(query, dexes), 0);
    const { limit } = this.#weight;
    const wanted = Math.min(limit, weight + Math.floor(limit * COMPARING));
    return this.#weight.waitMs(wanted);
  }

  /** Whether the venue would take no more orders of these terms: `before` others of the request come first. */
  isFull({ reduceOnly, trigger, tif }: OrderTerms, before: number): boolean {
    const { openOrdersBase } = this.#ports.limits;
    const open = this.#openOrders + before;
    if (open < openOrdersBase) return false;
    if (reduceOnly || trigger !== undefined) return true;
    return tif !== "Ioc" && open >= this.#openOrdersCap;
  }

  views(): readonly BudgetView[] {
    const { address } = this;
    const { used, perMinute } = address;
    return [
      address.isKnown ? growing("address", address) : { name: "address", used, perMinute },
      rolling("restWeight", this.#weight),
      rolling("socketMessages", this.#messages),
      level("posts", this.#posts.used, this.#posts.limit),
      level("openOrders", this.#openOrders, this.#openOrdersCap),
    ];
  }

  get #openOrders(): number {
    return this.#ports.ourOrders() + this.#strangers;
  }

  /** One more per five million traded (protocol §12.3). */
  get #openOrdersCap(): number {
    const { openOrdersBase, openOrdersMax } = this.#ports.limits;
    const earned = formatDecimal(divideCut(this.address.volume, VOLUME_PER_OPEN_ORDER, 0));
    return Math.min(openOrdersMax, openOrdersBase + Number(earned));
  }

  /** One request in ten seconds passes though nothing is left: a taker order may earn more. */
  #addressWaitMs({ cost, unwritten }: Wanted): number {
    const { address } = this;
    if (!address.isKnown) return address.pauseMs;
    const reserve = Math.min(this.#ports.limits.addressReserve, kept(address.limit));
    const isRoom = address.left - reserve - unwritten.elements >= cost;
    if (isRoom && address.pauseMs === 0) return 0;
    if (cost > 1 || unwritten.requests > 0) return RETRY_MS;
    return Math.max(address.pauseMs, address.trickleMs);
  }

  #cancelWaitMs({ cost }: Wanted): number {
    const { address } = this;
    return !address.isKnown || address.cancelsLeft >= cost ? 0 : address.trickleMs;
  }

  #rowsWeight(query: Query): number {
    if (query.kind !== "fills") return 0;
    const sinceMs = Math.max(0, this.#ports.venueNow() - query.fromMs);
    return weightOfRows(Math.min(ROWS_MAX, Math.floor(sinceMs * this.fillPace)));
  }

  #take(copy: CopyId): Spent | undefined {
    const spent = this.#written.get(copy);
    this.#written.delete(copy);
    this.#posts.ended(copy);
    return spent;
  }

  #forgetOldest(): void {
    const [oldest] = this.#written.keys();
    if (oldest !== undefined) this.#written.delete(oldest);
  }
}

const WRITTEN_MAX = 50_000;

function kept(limit: number): number {
  return Math.floor(limit * KEPT);
}
