import type { Market, MarketChange } from "@cloister/model";

/** The markets by which state is judged: as they were told by inputs, so that a replay needs nobody to ask. */
export class KnownMarkets {
  readonly #markets = new Map<string, Market>();

  /** How many dexes there are. */
  get dexes(): number {
    return Math.max(1, new Set([...this.#markets.values()].map(({ dex }) => dex)).size);
  }

  market(coin: string): Market | undefined {
    return this.#markets.get(coin);
  }

  /** All of them, as a life of the process found them. */
  take(markets: readonly Market[]): void {
    this.#markets.clear();
    for (const market of markets) this.#markets.set(market.coin, market);
  }

  /** What a later reading showed. */
  change(changes: readonly MarketChange[]): void {
    for (const change of changes) {
      const market = "market" in change ? change.market : this.#markets.get(change.coin);
      if (market === undefined) continue;
      this.#markets.set(change.coin, changed(market, change));
    }
  }

  save(): readonly Market[] {
    return [...this.#markets.values()];
  }
}

function changed(market: Market, change: MarketChange): Market {
  switch (change.type) {
    case "listed":
    case "relisted":
      return { ...market, delisted: false };
    case "delisted":
      return { ...market, delisted: true };
    case "sizeDecimals":
    case "maxLeverage":
      return { ...market, [change.type]: change.to };
  }
}
