import type { RulesOption } from "@cloister/simulator";
import { describe, expect, it } from "vitest";
import { printReport } from "./print-report.ts";
import { faulty, openAt, positionAt, probeWorld, THIN, told } from "./probe-world.fixture.ts";

describe("the probe at an exchange that behaves otherwise", () => {
  it.each<[RulesOption, string, string]>([
    [{ modifyUpdates: "canceledFirst" }, "modify-updates", "canceled(old), open(new)"],
    [{ reusedCloid: "reject" }, "open-cloid", "the first order is open"],
    [{ reusedCloid: "replace" }, "open-cloid", "the first order is canceled"],
    [{ invalidReplacement: "losesOld" }, "refused-replacement", "the old order is canceled"],
    [{ crossingReplacement: "badAloPx" }, "crossing-replacement", "Post only order"],
    [{ modifyAcross: "allow" }, "modify-side", "resting; the old order is canceled"],
    [{ plainModify: "asAsked" }, "forced-alo", "Gtc"],
    [{ postError: "body" }, "post-error", "Failed to deserialize"],
    [{ minimumValue: "mark" }, "minimum-value", "resting"],
    [{ nonceMarginMs: 86_000_000 }, "nonce-ahead", "nonce too high"],
    [{ cadence: { stateMs: 60_000 } }, "full-push", "no push within 5000 ms"],
  ])("%j", async (rules, id, words) => {
    const { exchange, probe } = probeWorld({ exchange: { rules, crowd: THIN } });
    const report = await probe();
    expect(report.troubles).toEqual([]);
    const differs = told(report, "differs");
    expect(differs.find((line) => line.startsWith(`${id}: `))).toContain(words);
    expect(printReport(report)).toMatch(new RegExp(`differs +§[\\d.]+ +${id} `));
    expect([openAt(exchange), report.left]).toEqual([0, []]);
  });

  it.each<[RulesOption, string, string]>([
    [{ partialIocStatus: "canceled" }, "partial-ioc", "it ended canceled"],
    [{ partialIocSize: "zero" }, "partial-ioc-size", "sz 0.0"],
    [{ reduceOnlyResize: "open" }, "silent-resize", "told: open"],
  ])("%j, which only trading shows", async (rules, id, words) => {
    const { exchange, probe } = probeWorld({ exchange: { rules, crowd: THIN } });
    const report = await probe({ trade: true });
    expect(told(report, "differs")).toEqual([
      expect.stringMatching(new RegExp(`^${id}: .*${words}`)),
    ]);
    expect([openAt(exchange), positionAt(exchange), report.left]).toEqual([0, undefined, []]);
  });

  it.each([
    [{ what: "shuffleOids" }, "growing-oids"],
    [{ what: "unknownOid", ms: 4_000 }, "unknown-oid"],
  ])("%j", async (fault, id) => {
    const { probe } = probeWorld({ exchange: { crowd: THIN }, ...faulty(fault) });
    const report = await probe();
    expect(told(report, "differs").map((line) => line.split(":")[0])).toContain(id);
  });
});
