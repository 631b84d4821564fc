import type { Acknowledged, OrderHandle } from "@cloister/engine";
import {
  type Cloid,
  type Decimal,
  formatDecimal,
  isLive,
  type LogFields,
  type OrderView,
  parseDecimal,
  type PlaceSpec,
  readDecimal,
  signOf,
  ZERO,
} from "@cloister/model";
import type { Subscription } from "rxjs";
import { desiredLadder, type Touch } from "./ladder.ts";
import type { CoinTerms, MakerTerms } from "./options.ts";
import { type Plan, plan } from "./plan.ts";
import type { MakerCounts } from "./stats.ts";
import type { Quote, WorkingQuote, WorstCase } from "./quote.ts";

/** Longest rest after placements of which nothing was accepted. */
const REST_MAX_MS = 5_000;

type Fair = { readonly price: Decimal; readonly heardMs: number };

/** What a desk shows of itself. Prices and sizes as decimal strings. */
export type DeskView = {
  readonly coin: string;
  readonly fairPrice: string | undefined;
  readonly quoting: boolean;
  readonly bids: number;
  readonly asks: number;
};

/** One coin's ladder: hears prices, and at each cycle brings the working orders to where they should be. */
export class CoinDesk {
  readonly #maker: MakerTerms;
  readonly #terms: CoinTerms;
  readonly #counts: MakerCounts;
  readonly #subscriptions: Subscription[] = [];
  readonly #canceling = new Set<Cloid>();
  #fair: Fair | undefined;
  #touch: Touch = {};
  #restUntilMs = 0;
  #fruitless = 0;

  constructor(maker: MakerTerms, terms: CoinTerms, counts: MakerCounts) {
    this.#maker = maker;
    this.#terms = terms;
    this.#counts = counts;
  }

  listen(): void {
    const lose = (): void => {
      this.#fair = undefined;
    };
    this.#subscriptions.push(
      this.#terms.fairPrice$.subscribe({
        next: (text) => this.#hear(text),
        error: lose,
        complete: lose,
      }),
    );
    if (this.#terms.bbo$ === undefined) return;
    this.#subscriptions.push(
      this.#terms.bbo$.subscribe({
        next: (bbo) => {
          this.#touch = touchOf(bbo);
        },
        error: () => {
          this.#touch = {};
        },
      }),
    );
  }

  unlisten(): void {
    for (const subscription of this.#subscriptions.splice(0)) subscription.unsubscribe();
    this.#fair = undefined;
  }

  /** One look: what should stand, what stands, and the difference sent as at most two requests. */
  cycle(): void {
    const working = this.#working();
    const next = plan({
      desired: this.#desired(),
      working,
      exposure: this.#exposure(),
      limits: this.#terms.limits,
    });
    this.#count(next);
    if (next.cancel.length > 0) this.#cancel(next.cancel);
    if (next.place.length > 0 && this.#mayPlace()) this.#place(next.place);
  }

  /** Cancels what still works; true when nothing does. */
  withdraw(): boolean {
    const working = this.#working();
    const fresh = working.filter((order) => !order.canceling).map(({ cloid }) => cloid);
    if (fresh.length > 0) this.#cancel(fresh);
    return working.length === 0;
  }

  view(): DeskView {
    const working = this.#working();
    const bids = working.filter(({ side }) => side === "buy").length;
    const fair = this.#freshFair();
    return {
      coin: this.#terms.market.coin,
      fairPrice: fair === undefined ? undefined : formatDecimal(fair),
      quoting: fair !== undefined,
      bids,
      asks: working.length - bids,
    };
  }

  #hear(text: string): void {
    const price = readDecimal(text);
    if (price === undefined || signOf(price) <= 0) {
      this.#counts.badPrices += 1;
      return;
    }
    this.#fair = { price, heardMs: this.#maker.clock.monotonicMs() };
  }

  /** A stale price is none: then nothing should stand. */
  #freshFair(): Decimal | undefined {
    if (this.#fair === undefined) return undefined;
    const ageMs = this.#maker.clock.monotonicMs() - this.#fair.heardMs;
    return ageMs <= this.#maker.staleMs ? this.#fair.price : undefined;
  }

  #desired(): readonly Quote[] {
    const fair = this.#freshFair();
    if (fair === undefined) return [];
    return desiredLadder(this.#terms.market, this.#terms.ladder, { fair, touch: this.#touch });
  }

  /** Our live orders of this coin, whatever became of their requests. */
  #working(): readonly WorkingQuote[] {
    return this.#maker.engine.orders
      .filter((order) => this.#isOurs(order) && isLive(order.state))
      .map((order) => ({
        cloid: order.cloid,
        side: order.side,
        price: parseDecimal(order.price),
        leaves: parseDecimal(order.leaves),
        canceling: this.#canceling.has(order.cloid),
      }));
  }

  #isOurs(order: OrderView): boolean {
    return order.coin === this.#terms.market.coin && order.tag === this.#maker.tag;
  }

  #exposure(): WorstCase {
    const { coin } = this.#terms.market;
    const found = this.#maker.engine.exposure.find((exposure) => exposure.coin === coin);
    if (found === undefined) return { min: ZERO, max: ZERO };
    return { min: parseDecimal(found.min), max: parseDecimal(found.max) };
  }

  #mayPlace(): boolean {
    const { clock, engine } = this.#maker;
    return engine.status.gate.place && clock.monotonicMs() >= this.#restUntilMs;
  }

  #place(quotes: readonly Quote[]): void {
    try {
      const handles = this.#maker.engine.placeMany(quotes.map((quote) => this.#spec(quote)));
      this.#counts.placed += handles.length;
      this.#counts.placeRequests += 1;
      void this.#hearAnswers(handles);
    } catch (error) {
      this.#counts.failures += 1;
      this.#rest({ error });
    }
  }

  #spec(quote: Quote): PlaceSpec {
    return {
      coin: this.#terms.market.coin,
      side: quote.side,
      price: formatDecimal(quote.price),
      size: formatDecimal(quote.size),
      tif: "Alo",
      tag: this.#maker.tag,
    };
  }

  /** Counts the answers; a placement of which nothing was accepted makes the desk rest, longer each time. */
  async #hearAnswers(handles: readonly OrderHandle[]): Promise<void> {
    const answers = await Promise.all(handles.map((handle) => handle.acknowledged));
    for (const answer of answers) this.#countAnswer(answer);
    if (!answers.every(({ kind }) => kind === "refused")) {
      this.#fruitless = 0;
      return;
    }
    this.#rest({ reasons: [...new Set(answers.map(reasonOf))] });
  }

  #rest(why: LogFields): void {
    const { clock, cycleMs, logger } = this.#maker;
    const restMs = Math.min(REST_MAX_MS, cycleMs * 2 ** Math.min(this.#fruitless, 10));
    this.#fruitless += 1;
    this.#restUntilMs = clock.monotonicMs() + restMs;
    logger.warn({ coin: this.#terms.market.coin, restMs, ...why }, "a placement came to nothing");
  }

  #countAnswer(answer: Acknowledged): void {
    switch (answer.kind) {
      case "accepted":
        this.#counts.accepted += 1;
        return;
      case "refused":
        this.#counts.refused += 1;
        return;
      case "unresolved":
        this.#counts.unresolved += 1;
    }
  }

  #cancel(cloids: readonly Cloid[]): void {
    for (const cloid of cloids) this.#canceling.add(cloid);
    this.#counts.canceled += cloids.length;
    this.#counts.cancelRequests += 1;
    void this.#hearCancels(cloids);
  }

  /** Whatever the answer: an order that still lives afterwards may be canceled again. */
  async #hearCancels(cloids: readonly Cloid[]): Promise<void> {
    try {
      await this.#maker.engine.cancelMany(cloids);
    } catch (error) {
      this.#counts.failures += 1;
      this.#maker.logger.error({ coin: this.#terms.market.coin, error }, "cancel failed");
    } finally {
      for (const cloid of cloids) this.#canceling.delete(cloid);
    }
  }

  #count(next: Plan): void {
    this.#counts.kept += next.keep.length;
    for (const { why } of next.held) {
      if (why === "limit") this.#counts.heldByLimit += 1;
      else this.#counts.heldByOwnLadder += 1;
    }
  }
}

function reasonOf(answer: Acknowledged): string {
  return answer.kind === "refused" ? `${answer.by}: ${answer.reason}` : answer.kind;
}

function touchOf(bbo: { readonly bid?: string; readonly ask?: string }): Touch {
  const bid = readDecimal(bbo.bid);
  const ask = readDecimal(bbo.ask);
  return { ...(bid === undefined ? {} : { bid }), ...(ask === undefined ? {} : { ask }) };
}
