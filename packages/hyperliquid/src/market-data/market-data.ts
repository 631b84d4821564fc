import {
  type Clock,
  type Coin,
  invalidOption,
  type Logger,
  type Random,
  readCoin,
  SILENT,
  type Wire,
} from "@cloister/model";
import type { Observable } from "rxjs";
import { infoAsker } from "../adapter/ask-info.ts";
import { endpointsOf, type Network } from "../wire/networks.ts";
import { systemClock } from "../wire/system-clock.ts";
import { systemRandom } from "../wire/system-random.ts";
import { wsWire } from "../wire/ws-wire.ts";
import { type CoinDesk, coinDesk, type CoinStreams } from "./coin-desk.ts";
import { IsolatedStream } from "./isolated-stream.ts";
import { knownCoins } from "./known-coins.ts";
import { openMarketSocket } from "./market-socket.ts";
import type { BestQuotes, BookView, TradeView } from "./quotes.ts";

export type MarketDataOptions = {
  readonly network: Network;
  /** Coins as the venue spells them: "BTC", "PURR/USDC", "xyz:SILVER". Unknown ones are logged and left out. */
  readonly coins: readonly string[];
  readonly wire?: Wire;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
  /** How long a coin may be silent before it is stale, ms. The venue repeats the book every 5 s. Default 15 000. */
  readonly staleAfterMs?: number;
};

/**
 * Streams begin with the latest value, never end with an error and complete on `close`.
 * A coin that was not asked for, or that the venue does not list, stays silent and stale.
 */
export type MarketFeed = {
  bbo$(coin: string): Observable<BestQuotes>;
  mid$(coin: string): Observable<string>;
  book$(coin: string): Observable<BookView>;
  /** One trade at a time, oldest first. */
  trades$(coin: string): Observable<TradeView>;
  stale$(coin: string): Observable<boolean>;
  close(): void;
};

/** Each takes three of the 1 000 subscriptions of an address (protocol §12.1). */
const COINS_MAX = 333;
const STALE_AFTER_MS = 15_000;
const LOOK_AGAIN_MS = 30_000;
const READ_TIMEOUT_MS = 10_000;

/**
 * Prices over a socket of their own, so that no bad coin can silence an account (protocol §2.3, §4.5).
 * @throws invalidOption
 */
export function marketData(options: MarketDataOptions): MarketFeed {
  const parts = partsOf(options);
  const { clock, logger, staleAfterMs } = parts;
  const desks = new Map<string, CoinDesk>();
  for (const coin of options.coins) desks.set(coin, coinDesk(clock, staleAfterMs));
  /** Of coins that were not asked for: silent, stale, and complete on close like the others. */
  const nobody = coinDesk(clock, staleAfterMs);
  const stop = startFeed(desks, parts);

  function stream<T>(coin: string, pick: (desk: CoinStreams) => Observable<T>): Observable<T> {
    const desk = desks.get(coin) ?? nobody;
    if (!desks.has(coin)) logger.warn({ coin }, "this coin is not among those of marketData");
    return new IsolatedStream(pick(desk), (error) =>
      logger.error({ error, coin }, "a reader of market data threw"),
    );
  }

  return {
    bbo$: (coin) => stream(coin, (desk) => desk.bbo$),
    mid$: (coin) => stream(coin, (desk) => desk.mid$),
    book$: (coin) => stream(coin, (desk) => desk.book$),
    trades$: (coin) => stream(coin, (desk) => desk.trades$),
    stale$: (coin) => stream(coin, (desk) => desk.stale$),
    close: () => {
      stop();
      for (const desk of [...desks.values(), nobody]) desk.close();
      if (options.wire === undefined) parts.wire.close();
    },
  };
}

type Parts = Required<Omit<MarketDataOptions, "network" | "coins">>;

function partsOf(options: MarketDataOptions): Parts {
  const { staleAfterMs = STALE_AFTER_MS } = options;
  const endpoints = endpointsOf(options.network);
  requireCoins(options.coins);
  if (!(staleAfterMs > 0)) throw invalidOption("staleAfterMs", staleAfterMs, "must be positive");
  const clock = options.clock ?? systemClock();
  return {
    clock,
    staleAfterMs,
    wire: options.wire ?? wsWire(endpoints, clock),
    random: options.random ?? systemRandom(),
    logger: options.logger ?? SILENT,
  };
}

/** A caller without types may pass anything. */
function requireCoins(coins: unknown): void {
  const names: readonly unknown[] = Array.isArray(coins) ? coins : [];
  if (names.length === 0 || names.some((name) => readCoin(name) === undefined)) {
    throw invalidOption("coins", coins, "must be a list of at least one coin's name");
  }
  if (names.length > COINS_MAX) {
    throw invalidOption("coins", names.length, `must be at most ${COINS_MAX}: use several feeds`);
  }
}

/** Looks the coins up, then connects; a venue that does not answer is asked again. Returns how to stop. */
function startFeed(desks: ReadonlyMap<string, CoinDesk>, parts: Parts): () => void {
  const { clock, logger, random, wire } = parts;
  const ask = infoAsker(wire, READ_TIMEOUT_MS);
  const ending = new AbortController();
  let undo: () => void = () => {};

  async function start(): Promise<void> {
    const untilMs = clock.monotonicMs() + LOOK_AGAIN_MS;
    const patience = { ask, clock, random, logger, untilMs, signal: ending.signal };
    try {
      const { known, unknown } = await knownCoins([...desks.keys()], patience);
      if (ending.signal.aborted) return;
      if (unknown.length > 0) logger.error({ coins: unknown }, "the venue lists no such coins");
      if (known.size > 0) undo = openMarketSocket(desksByCoin(known, desks), parts);
    } catch (error) {
      if (ending.signal.aborted) return;
      logger.error({ error }, "the markets could not be read");
      undo = clock.after(LOOK_AGAIN_MS, () => void start());
    }
  }

  void start();
  return () => {
    ending.abort();
    undo();
  };
}

/** Two names may mean one coin ("PURR/USDC" and "@0"): both desks hear of it. */
function desksByCoin(
  known: ReadonlyMap<string, Coin>,
  desks: ReadonlyMap<string, CoinDesk>,
): ReadonlyMap<Coin, readonly CoinDesk[]> {
  const byCoin = new Map<Coin, CoinDesk[]>();
  for (const [name, coin] of known) {
    const desk = desks.get(name);
    if (desk !== undefined) byCoin.set(coin, [...(byCoin.get(coin) ?? []), desk]);
  }
  return byCoin;
}
