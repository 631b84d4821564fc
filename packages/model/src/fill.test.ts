import { describe, expect, it } from "vitest";
import { parseDecimal, ZERO } from "./decimal.ts";
import { type Fill, fillKey } from "./fill.ts";
import { parseCoin, parseOid, readTid, type Tid } from "./ids.ts";

function tid(value: number): Tid {
  const read = readTid(value);
  if (read === undefined) throw new Error(`no tid: ${value}`);
  return read;
}

const fill: Fill = {
  coin: parseCoin("BTC"),
  oid: parseOid(700_000_000_001),
  tid: tid(100_000_000_000_001),
  side: "buy",
  price: parseDecimal("64000"),
  size: parseDecimal("0.0004"),
  at: 1_700_000_004_000,
  startPosition: ZERO,
  fee: parseDecimal("0.00384"),
  feeToken: "USDC",
  closedPnl: ZERO,
  taker: false,
  direction: "Open Long",
  hash: "0xf1",
};

const dust: Fill = { ...fill, tid: tid(0) };

describe("a fill's key", () => {
  it("is the same for every telling of one trade", () => {
    const retold = { ...fill, direction: "Buy", hash: "0x00", fee: ZERO, taker: true };
    expect(fillKey(retold)).toBe(fillKey(fill));
    expect(fillKey({ ...fill, startPosition: parseDecimal("1") })).toBe(fillKey(fill));
  });

  it.each([
    ["coin", { coin: parseCoin("ETH") }],
    ["oid", { oid: parseOid(700_000_000_002) }],
    ["tid", { tid: tid(100_000_000_000_002) }],
    ["time", { at: 1_700_000_004_001 }],
  ])("differs by the %s", (_, change) => {
    expect(fillKey({ ...fill, ...change })).not.toBe(fillKey(fill));
  });

  it("of dust, which has no tid, differs by position and size too", () => {
    expect(fillKey({ ...dust, size: parseDecimal("0.0005") })).not.toBe(fillKey(dust));
    expect(fillKey({ ...dust, startPosition: parseDecimal("0.1") })).not.toBe(fillKey(dust));
    expect(fillKey({ ...dust, fee: parseDecimal("9") })).toBe(fillKey(dust));
  });

  it("does not run two numbers together", () => {
    const one = { ...fill, oid: parseOid(12), tid: tid(3) };
    const other = { ...fill, oid: parseOid(1), tid: tid(23) };
    expect(fillKey(one)).not.toBe(fillKey(other));
  });
});
