import type { Core } from "../core.ts";
import { isObject, type JsonObject } from "../json.ts";
import { type Bar, isInterval, spanOf } from "../market/candles.ts";
import { printDecimal } from "../print.ts";
import { type InfoAnswer, MALFORMED, value } from "./answer.ts";
import { readWindow } from "./window.ts";

const ROWS_MAX = 5_000;

/** The newest candles of a window, oldest first; spans without trades have none. */
export function candleSnapshot(core: Core, request: JsonObject): InfoAnswer {
  const asked = request["req"];
  if (!isObject(asked)) return MALFORMED;
  const { coin, interval } = asked;
  const window = readWindow(asked, core.blockMs());
  if (typeof coin !== "string" || !isInterval(interval) || window === undefined) return MALFORMED;
  const bars = core.ledger.candles.bars(coin, interval, window);
  return value(bars.slice(-ROWS_MAX).map((bar) => candleView(bar, coin, interval)));
}

/** One candle (protocol §4). */
export function candleView(bar: Bar, coin: string, interval: string): object {
  return {
    t: bar.openMs,
    T: spanOf(interval, bar.openMs).untilMs - 1,
    s: coin,
    i: interval,
    o: printDecimal(bar.open),
    c: printDecimal(bar.close),
    h: printDecimal(bar.high),
    l: printDecimal(bar.low),
    v: printDecimal(bar.volume),
    n: bar.count,
  };
}
