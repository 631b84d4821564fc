import { parseDecimal } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { readFillRow } from "./fill-row.ts";

const ROW = {
  coin: "BTC",
  px: "64000.0",
  sz: "0.0004",
  side: "B",
  time: 1_700_000_004_000,
  startPosition: "-0.01",
  dir: "Open Long",
  closedPnl: "0.0",
  hash: "0xf1",
  oid: 700_000_000_001,
  crossed: false,
  fee: "0.00384",
  tid: 100_000_000_000_001,
  feeToken: "USDC",
  twapId: null,
};
const FILL = {
  coin: "BTC",
  oid: 700_000_000_001,
  tid: 100_000_000_000_001,
  side: "buy",
  price: parseDecimal("64000"),
  size: parseDecimal("0.0004"),
  at: 1_700_000_004_000,
  startPosition: parseDecimal("-0.01"),
  fee: parseDecimal("0.00384"),
  feeToken: "USDC",
  closedPnl: parseDecimal("0"),
  taker: false,
  direction: "Open Long",
  hash: "0xf1",
};

describe("readFillRow (protocol §4.2)", () => {
  it("reads an execution exactly", () => {
    expect(readFillRow(ROW)).toEqual({ kind: "ok", value: FILL });
  });

  it("situation 46: a rebate is a negative fee", () => {
    expect(readFillRow({ ...ROW, fee: "-0.0012" })).toMatchObject({
      value: { fee: parseDecimal("-0.0012") },
    });
  });

  it("situation 50: a spot buy pays its fee in the token it received", () => {
    const row = { ...ROW, coin: "@107", dir: "Buy", fee: "0.00088689", feeToken: "HYPE" };
    expect(readFillRow(row)).toMatchObject({
      value: { coin: "@107", feeToken: "HYPE", fee: parseDecimal("0.00088689") },
    });
  });

  it("keeps cloid and builder fee where they are given", () => {
    const cloid = "0x000000000000000000000000000000a1";
    expect(readFillRow({ ...ROW, cloid, builderFee: "0.002" })).toMatchObject({
      value: { cloid, builderFee: parseDecimal("0.002") },
    });
    expect(readFillRow({ ...ROW, cloid: null, builderFee: null, liquidation: null })).toEqual(
      readFillRow(ROW),
    );
  });

  it("situation 40: a liquidation is told with its method", () => {
    const liquidation = { liquidatedUser: "0x22", markPx: "66607.0", method: "market" };
    expect(readFillRow({ ...ROW, liquidation })).toMatchObject({
      value: { liquidation: { method: "market", liquidatedUser: "0x22" } },
    });
    expect(readFillRow({ ...ROW, liquidation: { method: "backstop" } })).toMatchObject({
      value: { liquidation: { method: "backstop" } },
    });
  });

  it("dust has tid 0 and more than 8 decimals, and stays exact", () => {
    expect(
      readFillRow({ ...ROW, tid: 0, sz: "0.0000086141", dir: "Spot Dust Conversion" }),
    ).toMatchObject({
      value: { tid: 0, size: parseDecimal("0.0000086141") },
    });
  });

  it.each([
    ["dir", 7, { direction: "" }],
    ["hash", null, { hash: "" }],
    ["liquidation", "yes", { liquidation: { method: "" } }],
    ["twapId", "new", {}],
  ])("what is only shown never costs a fill: %s %j", (field, value, shown) => {
    expect(readFillRow({ ...ROW, [field]: value })).toEqual({
      kind: "ok",
      value: { ...FILL, ...shown },
    });
  });

  it.each([
    ["tid", undefined],
    ["tid", "100"],
    ["tid", 1.5],
    ["oid", null],
    ["px", 64_000],
    ["sz", "-0.1"],
    ["sz", "NaN"],
    ["side", "buy"],
    ["time", "1700000004000"],
    ["startPosition", undefined],
    ["fee", null],
    ["feeToken", undefined],
    ["closedPnl", 0],
    ["crossed", "false"],
    ["cloid", "mine"],
    ["builderFee", 0.002],
    ["coin", 1],
  ])("situation 99: refuses %s %j, and names it", (field, value) => {
    const row = readFillRow({ ...ROW, [field]: value });
    expect(row.kind === "unrecognized" && row.reason.startsWith(`${field} is`)).toBe(true);
  });

  it.each([[null], [[]], ["fill"], [undefined], [3]])("refuses %j", (row) => {
    expect(readFillRow(row).kind).toBe("unrecognized");
  });
});
