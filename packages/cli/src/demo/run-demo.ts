import { createEngine, type Engine } from "@cloister/engine";
import { hyperliquid, marketData } from "@cloister/hyperliquid";
import { type ServedBrake, serveBrake } from "@cloister/journal";
import { type Clock, isLive, type Wire } from "@cloister/model";
import {
  type Audit,
  auditRules,
  type Books,
  type Breach,
  compareBooks,
  type DoubtSummary,
  recordDoubts,
  recordEngine,
} from "@cloister/testkit";
import { earlierLives, withoutEarlier } from "./earlier-lives.ts";
import type { DemoHost } from "./demo-host.ts";
import { DEMO_COINS, quote } from "./quoting.ts";
import type { TradingPlace } from "./trading-place.ts";

/** How long the last fills, cancels and doubts may take to be decided once all is calm. */
const SETTLE_MS = 30_000;
const POLL_MS = 50;
const NO_BOOKS: Books = { orders: [], fills: [], positions: new Map() };

/** What the demo proves or does not. */
export type DemoResult = {
  readonly audit: Audit;
  readonly doubts: DoubtSummary;
  /** Rules that were broken on the way. */
  readonly breaches: readonly Breach[];
  /** Ticks that the rules were asked after. */
  readonly steps: number;
  /** How often the weather did something; undefined where none was asked for. */
  readonly faults: number | undefined;
};

/**
 * Trades at a place for a while, leaves nothing open, and compares the books of both sides.
 * Undefined when asked to stop before the engine was open: then nothing was placed.
 */
export async function runDemo(
  place: TradingPlace,
  host: DemoHost,
): Promise<DemoResult | undefined> {
  const { network, account, signer, wire } = place;
  const { clock, journal, logger, random } = host;
  const way = (): { readonly wire?: Wire } => (wire === undefined ? {} : { wire: wire() });
  const venue = hyperliquid({ network, account, signer, ...way() });
  const opening = createEngine({
    ...{ venue, clock, random, logger },
    ...(journal === undefined ? {} : { journal }),
  });
  const engine = await Promise.race([opening, host.stop.asked]);
  if (engine === undefined) {
    void opening.then((late) => late.close()).catch(() => undefined);
    return undefined;
  }
  const record = recordEngine(engine);
  const doubts = recordDoubts(engine);
  const rules = auditRules(engine, place.venue === undefined ? {} : { venue: place.venue });
  const feed = marketData({ network, coins: DEMO_COINS, clock, random, logger, ...way() });
  let brake: ServedBrake | undefined;
  try {
    if (journal !== undefined) brake = await serveBrake(journal.folder, engine);
    const auditor = await place.audit(engine.mark);
    const known = engine.orders.map(({ cloid }) => cloid);
    const earlier = earlierLives(
      journal === undefined ? NO_BOOKS : await auditor.books(known),
      known,
    );
    if (earlier.cloids.size > 0) {
      host.screen.note(`${earlier.cloids.size} orders of earlier lives are not compared`);
    }
    const calmMs = await quote({ engine, feed, record, doubts, auditor }, place, host);
    await settled(engine, clock, calmMs + SETTLE_MS);
    for (const [cause, count] of record.rejections()) {
      host.screen.note(`orders refused (${cause}): ${count}`);
    }
    const mine = record.books();
    const theirs = await auditor.books(mine.orders.map(({ cloid }) => cloid));
    return {
      audit: compareBooks(withoutEarlier(mine, earlier), withoutEarlier(theirs, earlier)),
      doubts: doubts.summary(),
      breaches: rules.finish(),
      steps: rules.steps,
      faults: place.weather?.faults,
    };
  } finally {
    rules.stop();
    doubts.stop();
    record.stop();
    feed.close();
    await engine.close();
    await brake?.close();
  }
}

/** Waits until nothing lives, is asked or doubtful, and every ledger is decided; what is not, the audit shows. */
async function settled(engine: Engine, clock: Clock, untilMs: number): Promise<void> {
  const isOpen = (): boolean =>
    engine.status.doubtful > 0 ||
    engine.status.barrier !== "open" ||
    engine.orders.some(
      ({ state, ledger, requests }) => isLive(state) || ledger === "open" || requests.length > 0,
    );
  while (isOpen() && clock.monotonicMs() < untilMs) {
    await new Promise<void>((resolve) => {
      clock.after(POLL_MS, resolve);
    });
  }
}
