import { formatDecimal } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { CHOICES } from "./choices.ts";
import { readRulesFile } from "./rules-file.ts";
import { readRules } from "./rules.ts";

describe("rules", () => {
  it("are the first words unless told otherwise", () => {
    const rules = readRules({ reusedCloid: "reject" }, "rules");
    const first = Object.entries(CHOICES).map(([name, { words }]) => [name, words[0]]);
    expect(rules).toMatchObject({ ...Object.fromEntries(first), reusedCloid: "reject" });
  });

  it("take fees as texts, rebates too, and keep the others", () => {
    const { fees } = readRules({ fees: { perpMaker: "-0.00002" } }, "rules");
    expect([fees.perpMaker, fees.perpTaker].map(formatDecimal)).toEqual(["-0.00002", "0.00045"]);
  });

  it.each([
    [{ reusedCloid: "maybe" }, "rules.reusedCloid"],
    [{ reusedCloids: "accept" }, "rules.reusedCloids"],
    [{ reusedCloid: null }, "rules.reusedCloid"],
    [{ nonceMarginMs: -1 }, "rules.nonceMarginMs"],
    [{ nonceMarginMs: 86_400_000 }, "rules.nonceMarginMs"],
    [{ updatesBlocks: 0 }, "rules.updatesBlocks"],
    [{ ordersPerAction: 1.5 }, "rules.ordersPerAction"],
    [{ snapshotFills: "2" }, "rules.snapshotFills"],
    [{ recordsKept: Number.POSITIVE_INFINITY }, "rules.recordsKept"],
    [{ scheduleCancelVolume: "-1" }, "rules.scheduleCancelVolume"],
    [{ scheduleCancelVolume: 5 }, "rules.scheduleCancelVolume"],
    [{ fees: { perpTaker: 0.1 } }, "rules.fees.perpTaker"],
    [{ fees: { perpTaker: "1e-4" } }, "rules.fees.perpTaker"],
    [{ fees: { taker: "0.1" } }, "rules.fees.taker"],
    [[], "rules"],
  ])("refuse %j at %s", (value, path) => {
    expect(() => readRules(value, "rules")).toThrow(
      expect.objectContaining({
        code: "invalidOption",
        message: expect.stringContaining(`option ${path} `) as string,
      }) as Error,
    );
  });
});

describe("a file of rules", () => {
  it.each([
    ["JSON", '{"partialIocSize":"zero","fees":{"perpTaker":"0.001"}}'],
    ["YAML", "partialIocSize: zero # of an Ioc\nfees:\n  perpTaker: '0.001'\n"],
  ])("may be %s", (_what, text) => {
    expect(readRulesFile(text)).toEqual({ partialIocSize: "zero", fees: { perpTaker: "0.001" } });
  });

  it("may be empty", () => {
    expect(readRulesFile("# nothing yet\n")).toEqual({});
  });

  it.each([
    ["partialIocSize: none", "option partialIocSize "],
    ["fees: {taker: '1'}", "option fees.taker "],
    ["fees: {perpTaker: 0.1}", "option fees.perpTaker 0.1: must be a decimal in quotes"],
    ["scheduleCancelVolume: '-1'", 'option scheduleCancelVolume "-1": must not be negative'],
    ["- a", "option rules [object Array]: must be an object"],
    ["a: b: c", "mapping"],
    ["a: 1\na: 2", "unique"],
  ])("refuses %j", (text, told) => {
    expect(() => readRulesFile(text)).toThrow(told);
  });
});
