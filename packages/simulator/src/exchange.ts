import { invalidOption, parseDecimal } from "@cloister/model";
import { LiveCore } from "./core.ts";
import type { Faults } from "./faults/faults.ts";
import { markOf, moveMark } from "./ledger/ledger.ts";
import { jsonParts } from "./doors/json-stream.ts";
import { type MemoryWire, memoryWire, type WireOptions } from "./doors/memory-wire.ts";
import { type ExchangeOptions, readOptions } from "./options.ts";
import { readMarketScript } from "./market/market-script.ts";
import type { MarketScript } from "./market/market-step.ts";
import { isPrice, PRICE_RULE } from "./market/price-bounds.ts";
import { printDecimal } from "./print.ts";
import { type SocketEdge, socketEdge } from "./doors/socket-edge.ts";
import { type Truth, tellTruth, truthToPrint } from "./ledger/truth.ts";

/** A simulated Hyperliquid. Pure: time and chance come from its options, bytes go through its doors. */
export type Exchange = {
  readonly network: "mainnet" | "testnet";
  /** The same wire without sockets, carried by the exchange's clock; signers are found by `recover`. */
  wire(options?: WireOptions): MemoryWire;
  /** The way in for sockets and HTTP, with its faults. Signatures are always really recovered. */
  edge(faults?: Faults): SocketEdge;
  /** Mark price of a coin, printed. @throws invalidOption for a coin that is not listed. */
  mark(coin: string): string;
  /**
   * Sets a mark price; the crowd, when there is one, sets its own with every block.
   * @throws for a coin that is not listed and for what is no price: above 0, at most 10,000,000.
   */
  setMark(coin: string, price: string): void;
  /** Number of the last block: nothing changes between two of them. */
  block(): number;
  /**
   * Does things to the markets with the beginning of the next block: prices and their paths, caps, listings, system
   * cancels and fills. Gives the number of steps.
   * @throws invalidOption that names the path of the first bad key; then nothing is done.
   */
  market(script: MarketScript): number;
  /** The exchange's own books: one account, or all. */
  truth(address?: string): Truth;
  /** The same as JSON, in parts: of one moment, printed while it is read. */
  truthParts(address?: string): Iterator<string, void, void>;
  /** Stops the blocks; what waits is never answered. */
  close(): void;
};

/**
 * Starts an exchange: the first block runs at once, so its books are never empty.
 * @throws invalidOption
 */
export function createExchange(options: ExchangeOptions): Exchange {
  const core = new LiveCore(readOptions(options));
  const assetOf = (coin: string) => {
    const asset = core.ledger.universe.byCoin(coin);
    if (asset === undefined) throw invalidOption("coin", coin, "is not listed");
    return asset;
  };
  return {
    network: core.settings.network,
    wire: (wireOptions) => memoryWire(core, wireOptions),
    edge: (faults = {}) => socketEdge(core, faults),
    mark: (coin) => printDecimal(markOf(core.ledger, assetOf(coin))),
    setMark: (coin, price) => {
      const mark = parseDecimal(price);
      if (!isPrice(mark)) throw invalidOption("price", price, PRICE_RULE);
      moveMark(core.ledger, assetOf(coin), mark);
    },
    block: () => core.ledger.news.number,
    market: (script) => {
      const steps = readMarketScript(core.ledger, script);
      core.ledger.market.steps = [...core.ledger.market.steps, ...steps];
      return steps.length;
    },
    truth: (address) => tellTruth(core, address),
    truthParts: (address) => jsonParts(truthToPrint(core, address)),
    close: () => core.close(),
  };
}
