import { createEngine, type Engine } from "@cloister/engine";
import { hyperliquid, marketData } from "@cloister/hyperliquid";
import { type Clock, isLive } from "@cloister/model";
import { type Audit, compareBooks, recordEngine } from "@cloister/testkit";
import type { DemoHost } from "./demo-host.ts";
import { DEMO_COINS, quote } from "./quoting.ts";
import type { TradingPlace } from "./trading-place.ts";

/** How long the last fills and cancels may take to be proved. */
const SETTLE_MS = 10_000;
const POLL_MS = 50;

/**
 * Trades at a place for a while, leaves nothing open, and compares the books of both sides.
 * Undefined when asked to stop before the engine was open: then nothing was placed.
 */
export async function runDemo(place: TradingPlace, host: DemoHost): Promise<Audit | undefined> {
  const { network, account, signer } = place;
  const { logger } = host;
  const opening = createEngine({ venue: hyperliquid({ network, account, signer }), logger });
  const engine = await Promise.race([opening, host.stop.asked]);
  if (engine === undefined) {
    void opening.then((late) => late.close()).catch(() => undefined);
    return undefined;
  }
  const record = recordEngine(engine);
  const feed = marketData({ network, coins: DEMO_COINS, logger });
  try {
    const auditor = await place.audit(engine.mark);
    await quote({ engine, feed, record, auditor }, host);
    await settled(engine, host.clock);
    for (const [cause, count] of record.rejections()) {
      host.screen.note(`orders refused (${cause}): ${count}`);
    }
    const mine = record.books();
    return compareBooks(mine, await auditor.books(mine.orders.map(({ cloid }) => cloid)));
  } finally {
    record.stop();
    feed.close();
    await engine.close();
  }
}

/** Waits until no order lives, none has an open request and every ledger is decided; what is not, the audit shows. */
async function settled(engine: Engine, clock: Clock): Promise<void> {
  const untilMs = clock.monotonicMs() + SETTLE_MS;
  const isOpen = (): boolean =>
    engine.orders.some(
      ({ state, ledger, requests }) => isLive(state) || ledger === "open" || requests.length > 0,
    );
  while (isOpen() && clock.monotonicMs() < untilMs) {
    await new Promise<void>((resolve) => {
      clock.after(POLL_MS, resolve);
    });
  }
}
