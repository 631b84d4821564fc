import {
  add,
  type Decimal,
  maxDecimal,
  minDecimal,
  multiply,
  parseDecimal,
  ZERO,
} from "@cloister/model";
import type { WireTrade } from "./fill.ts";

/** Trades of one coin in a span of time; prices and value in quote units, volume in base units. */
export type Bar = {
  readonly openMs: number;
  readonly open: Decimal;
  readonly close: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly volume: Decimal;
  readonly value: Decimal;
  readonly count: number;
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** As many of each kind as the venue still knows. */
const BARS_KEPT = 5_000;

/** Length of each interval, ms; a month has its own. */
const LENGTHS: ReadonlyMap<string, number> = new Map([
  ["1m", MINUTE_MS],
  ["3m", 3 * MINUTE_MS],
  ["5m", 5 * MINUTE_MS],
  ["15m", 15 * MINUTE_MS],
  ["30m", 30 * MINUTE_MS],
  ["1h", HOUR_MS],
  ["2h", 2 * HOUR_MS],
  ["4h", 4 * HOUR_MS],
  ["8h", 8 * HOUR_MS],
  ["12h", 12 * HOUR_MS],
  ["1d", DAY_MS],
  ["3d", 3 * DAY_MS],
  ["1w", 7 * DAY_MS],
  ["1M", Number.NaN],
]);

export function isInterval(text: unknown): text is string {
  return typeof text === "string" && LENGTHS.has(text);
}

/** When the candle that holds a moment begins, and when the next one does, ms. */
export function spanOf(interval: string, atMs: number): { fromMs: number; untilMs: number } {
  const length = LENGTHS.get(interval) ?? Number.NaN;
  if (Number.isNaN(length)) return monthOf(atMs);
  const fromMs = Math.floor(atMs / length) * length;
  return { fromMs, untilMs: fromMs + length };
}

function monthOf(atMs: number): { fromMs: number; untilMs: number } {
  const date = new Date(atMs);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { fromMs: Date.UTC(year, month, 1), untilMs: Date.UTC(year, month + 1, 1) };
}

/** Candles made of trades: by minutes and by hours, all other intervals are put together of them. */
export class Candles {
  readonly #minutes = new Map<string, Bar[]>();
  readonly #hours = new Map<string, Bar[]>();

  note(trade: WireTrade): void {
    const price = parseDecimal(trade.px);
    const volume = parseDecimal(trade.sz);
    const bar = {
      open: price,
      close: price,
      high: price,
      low: price,
      volume,
      value: multiply(price, volume),
      count: 1,
    };
    extend(this.#minutes, trade.coin, { ...bar, openMs: floor(trade.time, MINUTE_MS) });
    extend(this.#hours, trade.coin, { ...bar, openMs: floor(trade.time, HOUR_MS) });
  }

  /** Candles that begin within a window, oldest first. Spans without trades have none. */
  bars(coin: string, interval: string, window: { startMs: number; endMs: number }): Bar[] {
    const fine = (LENGTHS.get(interval) ?? Number.NaN) < HOUR_MS;
    const base = (fine ? this.#minutes : this.#hours).get(coin) ?? [];
    const merged: Bar[] = [];
    for (const bar of base) {
      const openMs = spanOf(interval, bar.openMs).fromMs;
      if (openMs < window.startMs || openMs > window.endMs) continue;
      join(merged, { ...bar, openMs });
    }
    return merged;
  }

  /** The candle that holds a moment, if anything was traded in it. */
  at(coin: string, interval: string, atMs: number): Bar | undefined {
    const { fromMs } = spanOf(interval, atMs);
    return this.bars(coin, interval, { startMs: fromMs, endMs: fromMs }).at(0);
  }

  /** What the 24 hours before a moment traded, and the last price before them. */
  day(coin: string, nowMs: number): { volume: Decimal; value: Decimal; before?: Decimal } {
    let [volume, value] = [ZERO, ZERO];
    let before: Decimal | undefined;
    for (const bar of this.#minutes.get(coin) ?? []) {
      if (bar.openMs <= nowMs - DAY_MS) {
        before = bar.close;
      } else {
        volume = add(volume, bar.volume);
        value = add(value, bar.value);
      }
    }
    return before === undefined ? { volume, value } : { volume, value, before };
  }

  /** What all coins together traded on a day since 1970 (UTC), quote units. */
  valueOn(day: number): Decimal {
    let value = ZERO;
    for (const bars of this.#hours.values()) {
      for (const bar of bars) {
        if (Math.floor(bar.openMs / DAY_MS) === day) value = add(value, bar.value);
      }
    }
    return value;
  }
}

function extend(series: Map<string, Bar[]>, coin: string, bar: Bar): void {
  const bars = series.get(coin) ?? [];
  series.set(coin, bars);
  join(bars, bar);
  if (bars.length > BARS_KEPT * 1.25) bars.splice(0, bars.length - BARS_KEPT);
}

/** Adds a bar to its span, which is the last one or a new one. */
function join(bars: Bar[], bar: Bar): void {
  const last = bars.at(-1);
  if (last === undefined || last.openMs !== bar.openMs) {
    bars.push(bar);
    return;
  }
  bars[bars.length - 1] = {
    openMs: last.openMs,
    open: last.open,
    close: bar.close,
    high: maxDecimal(last.high, bar.high),
    low: minDecimal(last.low, bar.low),
    volume: add(last.volume, bar.volume),
    value: add(last.value, bar.value),
    count: last.count + bar.count,
  };
}

function floor(atMs: number, length: number): number {
  return Math.floor(atMs / length) * length;
}
