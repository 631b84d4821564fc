import type { Clock, Coin, Logger, Random, Wire } from "@cloister/model";
import type { Frame } from "../codec/frame.ts";
import type { MarketData, Trade } from "../codec/market-data.ts";
import { openConnection } from "../transport/connection.ts";
import type { Subscription } from "../transport/subscriptions.ts";
import type { CoinDesk, CoinNews } from "./coin-desk.ts";

type Parts = {
  readonly wire: Wire;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
};

/** With the 20 of the account's socket these are the 30 that an address may open (protocol §12.1). */
const CONNECTS_PER_MINUTE_MAX = 10;

/** The socket of the prices: brings every coin's news to its desks. Returns how to close it. */
export function openMarketSocket(
  desks: ReadonlyMap<Coin, readonly CoinDesk[]>,
  parts: Parts,
): () => void {
  const { logger } = parts;

  function hear(frame: Frame, text: string, late: boolean): void {
    if (frame.kind === "unrecognized") {
      logger.warn(
        { channel: frame.channel, reason: frame.reason, text },
        "a frame was not understood",
      );
    }
    // Prices of a socket that is gone would pass for fresh ones.
    if (frame.kind !== "market" || late) return;
    for (const { reason, text: part } of frame.broken) {
      logger.warn({ channel: frame.channel, reason, text: part }, "a price was not understood");
    }
    for (const [coin, news] of newsByCoin(frame.data)) {
      for (const desk of desks.get(coin) ?? []) desk.hear(news);
    }
  }

  const connection = openConnection({
    kind: "market",
    subscriptions: [...desks.keys()].flatMap(streamsOf),
    ...parts,
    timings: { connectsPerMinuteMax: CONNECTS_PER_MINUTE_MAX },
    onFrame: hear,
    onLive: () => {},
    onLost: () => {
      for (const desk of [...desks.values()].flat()) desk.lose();
    },
  });
  return () => connection.close();
}

function streamsOf(coin: Coin): readonly Subscription[] {
  return [
    { type: "bbo", coin },
    { type: "l2Book", coin },
    { type: "trades", coin },
  ];
}

/** A frame of trades may tell of several coins. */
function newsByCoin(data: MarketData): readonly (readonly [Coin, CoinNews])[] {
  switch (data.kind) {
    case "bbo":
    case "book":
      return [[data.coin, data]];
    case "trades":
      return tradesByCoin(data.trades);
    case "mids":
      return [];
  }
}

function tradesByCoin(trades: readonly Trade[]): readonly (readonly [Coin, CoinNews])[] {
  const byCoin = new Map<Coin, Trade[]>();
  for (const trade of trades) {
    const known = byCoin.get(trade.coin);
    if (known === undefined) byCoin.set(trade.coin, [trade]);
    else known.push(trade);
  }
  return [...byCoin].map(([coin, own]) => [coin, { kind: "trades", trades: own }]);
}
