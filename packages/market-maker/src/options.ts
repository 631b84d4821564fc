import type { Engine } from "@cloister/engine";
import {
  brokenSizeRule,
  type Clock,
  compare,
  type Decimal,
  invalidOption,
  type Logger,
  type Market,
  minDecimal,
  multiply,
  parseDecimal,
  readDecimal,
  SILENT,
  signOf,
} from "@cloister/model";
import type { Observable } from "rxjs";
import type { LadderTerms } from "./ladder.ts";
import type { PlanLimits } from "./plan.ts";

/** The part of the engine that quoting needs: anything of this shape will do. */
export type QuotingEngine = Pick<
  Engine,
  "placeMany" | "cancelMany" | "orders" | "exposure" | "status" | "market"
>;

/** How one coin is quoted. Prices and distances in quote units, sizes in base units, as decimal strings. */
export type CoinOptions = {
  readonly coin: string;
  readonly fairPrice$: Observable<string>;
  /** The best prices of the market; levels that would cross them are left out. */
  readonly bbo$?: Observable<{ readonly bid?: string; readonly ask?: string }>;
  /** Levels a side, 1 to 50. */
  readonly levels: number;
  /** From one level to the next. */
  readonly spacing: string;
  /** From the fair price to the first level; one spacing by default. */
  readonly halfSpread?: string;
  /** Of each level. */
  readonly size: string;
  /** Largest position either way, were every order to fill. */
  readonly positionMax: string;
};

export type MarketMakerOptions = {
  readonly engine: QuotingEngine;
  readonly coins: readonly CoinOptions[];
  readonly clock: Clock;
  /** Between two looks at the ladder; 250 by default. */
  readonly cycleMs?: number;
  /** A fair price older than this is none: the ladder is withdrawn; 10 000 by default. */
  readonly staleMs?: number;
  /** How long `stop` may take; 10 000 by default. */
  readonly stopMs?: number;
  /** The orders' tag, by which the maker knows its own; "market-maker" by default. */
  readonly tag?: string;
  readonly logger?: Logger;
};

/** Validated options of one coin. */
export type CoinTerms = {
  readonly market: Market;
  readonly fairPrice$: Observable<string>;
  readonly bbo$: CoinOptions["bbo$"];
  readonly ladder: LadderTerms;
  readonly limits: PlanLimits;
};

export type MakerTerms = {
  readonly engine: QuotingEngine;
  readonly coins: readonly CoinTerms[];
  readonly clock: Clock;
  readonly cycleMs: number;
  readonly staleMs: number;
  readonly stopMs: number;
  readonly tag: string;
  readonly logger: Logger;
};

const LEVELS_MAX = 50;
const HALF = parseDecimal("0.5");

/** @throws invalidOption for a bad value, a coin given twice, or one that the venue does not list. */
export function readOptions(options: MarketMakerOptions): MakerTerms {
  const names = new Set(options.coins.map(({ coin }) => coin));
  if (names.size !== options.coins.length) {
    throw invalidOption("coins", [...names].join(), "must not name a coin twice");
  }
  return {
    engine: options.engine,
    coins: options.coins.map((coin) => readCoinOptions(options.engine, coin)),
    clock: options.clock,
    cycleMs: duration("cycleMs", options.cycleMs ?? 250),
    staleMs: duration("staleMs", options.staleMs ?? 10_000),
    stopMs: duration("stopMs", options.stopMs ?? 10_000),
    tag: options.tag ?? "market-maker",
    logger: options.logger ?? SILENT,
  };
}

function readCoinOptions(engine: QuotingEngine, options: CoinOptions): CoinTerms {
  const market = engine.market(options.coin);
  if (market === undefined) throw invalidOption("coin", options.coin, "is not listed by the venue");
  const { levels } = options;
  if (!Number.isSafeInteger(levels) || levels < 1 || levels > LEVELS_MAX) {
    throw invalidOption("levels", levels, `must be a whole number from 1 to ${LEVELS_MAX}`);
  }
  const spacing = positive("spacing", options.spacing);
  const halfSpread = positive("halfSpread", options.halfSpread ?? options.spacing);
  const size = positive("size", options.size);
  const broken = brokenSizeRule(market, size);
  if (broken !== undefined) throw invalidOption("size", options.size, broken);
  const positionMax = positive("positionMax", options.positionMax);
  if (compare(size, positionMax) > 0) {
    throw invalidOption("positionMax", options.positionMax, "must be at least the size of a level");
  }
  return {
    market,
    fairPrice$: options.fairPrice$,
    bbo$: options.bbo$,
    ladder: { levels, spacing, halfSpread, size },
    // Never more than the half spread: a kept bid must not stand above the fair price.
    limits: { positionMax, tolerance: minDecimal(multiply(spacing, HALF), halfSpread) },
  };
}

function positive(field: string, text: string): Decimal {
  const value = readDecimal(text);
  if (value === undefined || signOf(value) <= 0) {
    throw invalidOption(field, text, 'must be a positive decimal string such as "0.5"');
  }
  return value;
}

function duration(field: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw invalidOption(field, value, "must be a positive whole number of milliseconds");
}
