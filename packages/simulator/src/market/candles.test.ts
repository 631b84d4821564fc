import { formatDecimal } from "@cloister/model";
import { beforeEach, expect, it } from "vitest";
import { type Bar, Candles, spanOf } from "./candles.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Wednesday, 2023-11-15, 00:00 UTC. */
const BEGIN = Date.UTC(2023, 10, 15);

let candles: Candles;
beforeEach(() => {
  candles = new Candles();
});

const ever = { startMs: 0, endMs: Number.MAX_SAFE_INTEGER };
function trade(atMs: number, px: string, sz = "1", coin = "BTC"): void {
  const [side, hash, tid] = ["B", "0x1", 1] as const;
  candles.note({ coin, side, px, sz, time: BEGIN + atMs, hash, tid, users: ["0x1", "0x2"] });
}
const told = ({ openMs, open, high, low, close, volume, count }: Bar) =>
  [
    (openMs - BEGIN) / MINUTE,
    [open, high, low, close, volume].map(formatDecimal).join(" "),
    count,
  ] as const;

it("keeps open, high, low, close, volume and count of each span, and none where nothing was traded", () => {
  trade(0, "100");
  trade(10_000, "110", "0.5");
  trade(59_999, "90");
  trade(MINUTE, "95");
  trade(7 * MINUTE, "105");
  expect(candles.bars("BTC", "1m", ever).map(told)).toEqual([
    [0, "100 110 90 90 2.5", 3],
    [1, "95 95 95 95 1", 1],
    [7, "105 105 105 105 1", 1],
  ]);
  expect(candles.bars("BTC", "5m", ever).map(told)).toEqual([
    [0, "100 110 90 95 3.5", 4],
    [5, "105 105 105 105 1", 1],
  ]);
  expect(candles.bars("BTC", "1h", ever).map(told)).toEqual([[0, "100 110 90 105 4.5", 5]]);
  expect(candles.bars("ETH", "1h", ever)).toEqual([]);
});

it("gives those that begin within a window, and the one of a moment", () => {
  for (const minute of [0, 1, 2, 3]) trade(minute * MINUTE, `10${minute}`);
  const window = { startMs: BEGIN + MINUTE, endMs: BEGIN + 2 * MINUTE };
  expect(candles.bars("BTC", "1m", window).map((bar) => told(bar)[0])).toEqual([1, 2]);
  const at = candles.at("BTC", "3m", BEGIN + 2 * MINUTE + 1);
  expect(at === undefined ? undefined : told(at)).toEqual([0, "100 102 100 102 3", 3]);
  expect(candles.at("BTC", "3m", BEGIN + 2 * DAY)).toBeUndefined();
});

it.each([
  ["12h", Date.UTC(2023, 10, 15, 12), Date.UTC(2023, 10, 16)],
  ["1w", Date.UTC(2023, 10, 9), Date.UTC(2023, 10, 16)],
  ["1M", Date.UTC(2023, 10, 1), Date.UTC(2023, 11, 1)],
])("begins %s where the calendar has it", (interval, fromMs, untilMs) => {
  expect(spanOf(interval, BEGIN + 13 * HOUR)).toEqual({ fromMs, untilMs });
});

it("sums a day, and knows the price before it", () => {
  trade(0, "100");
  trade(HOUR, "200", "2");
  const now = BEGIN + DAY + 30 * MINUTE;
  const { volume, value, before } = candles.day("BTC", now);
  expect([volume, value, before].map((one) => formatDecimal(one ?? volume))).toEqual([
    "2",
    "400",
    "100",
  ]);
  trade(0, "10", "1", "ETH");
  expect(formatDecimal(candles.valueOn(BEGIN / DAY))).toBe("510");
});

it("forgets the oldest, never the newest", () => {
  for (let minute = 0; minute < 7_000; minute += 1) trade(minute * MINUTE, "100");
  const bars = candles.bars("BTC", "1m", ever);
  expect(bars.length).toBeLessThanOrEqual(6_250);
  expect(bars.at(-1)?.openMs).toBe(BEGIN + 6_999 * MINUTE);
});
