import type { Engine } from "@cloister/engine";
import type { MarketFeed } from "@cloister/hyperliquid";
import { type CoinOptions, createMarketMaker } from "@cloister/market-maker";
import { firstValueFrom, type Observable } from "rxjs";
import type { DoubtRecord, EngineRecord } from "@cloister/testkit";
import type { DemoHost } from "./demo-host.ts";
import { fairPrice$ } from "./fair-price.ts";
import { ladderTerms } from "./ladder-terms.ts";
import { meterOf } from "./meter.ts";
import { repeat } from "./repeat.ts";
import type { Auditor, TradingPlace } from "./trading-place.ts";

export const DEMO_COINS = ["BTC", "ETH"] as const;

/** Between two looks of the auditor at an exchange that forgets. */
const COLLECT_MS = 4_000;
const CYCLE_MS = 150;

export type Desk = {
  readonly engine: Engine;
  readonly feed: MarketFeed;
  readonly record: EngineRecord;
  readonly doubts: DoubtRecord;
  readonly auditor: Auditor;
};

/**
 * Quotes until the time is over or somebody asks to stop; then it is calm, and every order is canceled. Gives the hour at
 * which the calm began, monotonic ms.
 */
export async function quote(
  desk: Desk,
  { weather }: Pick<TradingPlace, "weather">,
  host: DemoHost,
): Promise<number> {
  const coins = await coinOptions(desk, host);
  if (coins === undefined) return host.clock.monotonicMs();
  const { engine } = desk;
  const { clock, logger, screen, stop } = host;
  const maker = createMarketMaker({ engine, coins, cycleMs: CYCLE_MS, clock, logger });
  const meter = meterOf(engine, clock);
  const startedMs = clock.monotonicMs();
  const show = (): void =>
    screen.show({
      elapsedMs: clock.monotonicMs() - startedMs,
      totalMs: host.runMs,
      reading: meter.reading(),
      fills: desk.record.fillCount,
      positions: engine.positions,
      status: engine.status,
      doubts: desk.doubts.summary(),
      weather,
      coins: maker.status().coins,
    });
  const cancelShow = repeat(clock, screen.everyMs, show);
  const cancelCollect = repeat(clock, COLLECT_MS, () => void desk.auditor.collect());
  await stop.within(host.runMs);
  weather?.calm();
  const calmMs = clock.monotonicMs();
  screen.note("stopping: every order is canceled");
  await maker.stop();
  const { unresolved } = await engine.cancelAll();
  if (unresolved.length > 0) screen.note(`${unresolved.length} orders could not be proved ended`);
  cancelCollect();
  cancelShow();
  show();
  meter.stop();
  return calmMs;
}

/** Waits for the first price of each coin, which gives the ladder its shape; undefined when asked to stop before. */
async function coinOptions(
  desk: Desk,
  host: DemoHost,
): Promise<readonly CoinOptions[] | undefined> {
  const all = Promise.all(DEMO_COINS.map((coin) => oneCoin(coin, desk)));
  const first = await Promise.race([all, host.stop.asked]);
  return first ?? undefined;
}

async function oneCoin(coin: string, { engine, feed }: Desk): Promise<CoinOptions> {
  const fair$: Observable<string> = fairPrice$(feed.book$(coin), () => pricesOf(engine, coin));
  const market = engine.market(coin);
  if (market === undefined) throw new Error(`${coin} is not listed at this exchange`);
  const fair = await firstValueFrom(fair$);
  return { coin, fairPrice$: fair$, bbo$: feed.bbo$(coin), ...ladderTerms(market, fair) };
}

/** Where we stand, and where we stood until the order was reaped. */
function pricesOf(engine: Engine, coin: string): ReadonlySet<string> {
  return new Set(engine.orders.filter((order) => order.coin === coin).map(({ price }) => price));
}
