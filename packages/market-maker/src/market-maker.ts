import type { Cancel } from "@cloister/model";
import { CoinDesk, type DeskView } from "./coin-desk.ts";
import { type MakerTerms, type MarketMakerOptions, readOptions } from "./options.ts";
import { type MakerStats, noCounts } from "./stats.ts";

export type MakerStatus = {
  readonly state: "quoting" | "stopping" | "stopped";
  readonly coins: readonly DeskView[];
};

export type MarketMaker = {
  status(): MakerStatus;
  stats(): MakerStats;
  /**
   * Stops quoting, cancels the maker's orders and resolves when none works any more, or after `stopMs`.
   * Idempotent. `status().coins` shows what is left.
   */
  stop(): Promise<void>;
};

/**
 * Quotes a ladder of post-only orders around each coin's fair price. Every cycle compares what should stand with
 * the engine's working orders, so an order that was lost, refused or expired is simply missing and placed anew.
 * @throws invalidOption
 */
export function createMarketMaker(options: MarketMakerOptions): MarketMaker {
  return new Maker(readOptions(options));
}

class Maker implements MarketMaker {
  readonly #terms: MakerTerms;
  readonly #counts = noCounts();
  readonly #desks: readonly CoinDesk[];
  #state: MakerStatus["state"] = "quoting";
  #cancelTimer: Cancel;
  #stopped: Promise<void> | undefined;

  constructor(terms: MakerTerms) {
    this.#terms = terms;
    this.#desks = terms.coins.map((coin) => new CoinDesk(terms, coin, this.#counts));
    for (const desk of this.#desks) desk.listen();
    this.#cancelTimer = terms.clock.after(0, () => this.#cycle());
  }

  status(): MakerStatus {
    return { state: this.#state, coins: this.#desks.map((desk) => desk.view()) };
  }

  stats(): MakerStats {
    return { ...this.#counts };
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#withdraw();
    return this.#stopped;
  }

  #cycle(): void {
    this.#counts.cycles += 1;
    this.#cancelTimer = this.#terms.clock.after(this.#terms.cycleMs, () => this.#cycle());
    for (const desk of this.#desks) this.#guarded(() => desk.cycle());
  }

  /** One coin's trouble must not stop another's ladder. */
  #guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#counts.failures += 1;
      this.#terms.logger.error({ error }, "a cycle of the market maker failed");
    }
  }

  async #withdraw(): Promise<void> {
    this.#state = "stopping";
    this.#cancelTimer();
    for (const desk of this.#desks) desk.unlisten();
    const { clock, cycleMs, stopMs, logger } = this.#terms;
    const untilMs = clock.monotonicMs() + stopMs;
    while (!this.#empty() && clock.monotonicMs() < untilMs) {
      // Looked at again each cycle: an order in doubt may come to life after the first cancel.
      await new Promise<void>((resolve) => {
        clock.after(cycleMs, resolve);
      });
    }
    if (!this.#empty()) logger.warn({ coins: this.status().coins }, "orders were left working");
    this.#state = "stopped";
  }

  #empty(): boolean {
    let left = this.#desks.length;
    for (const desk of this.#desks) {
      this.#guarded(() => {
        if (desk.withdraw()) left -= 1;
      });
    }
    return left === 0;
  }
}
