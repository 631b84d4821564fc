import { ManualClock } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { readFaultPlan } from "./fault-plan.ts";
import { faultsOf } from "./planned-faults.ts";

const DEPTH = 200_000;
const DEEP = `${"[".repeat(DEPTH)}${"]".repeat(DEPTH)}`;
const RENAME = { what: "renameStatus", from: "open", status: "other" };

const made = (fault: object) =>
  faultsOf(readFaultPlan({ faults: [fault] }), { clock: new ManualClock() });

describe("what is nested too deep to be made anew passes as it is", () => {
  it.each([
    [{ what: "reorderArray" }, `[1,${DEEP}]`],
    [{ what: "splitArray" }, `[1,${DEEP}]`],
    [RENAME, `[{"status":"open","statusTimestamp":1},${DEEP}]`],
  ])("a frame: %j", (fault, data) => {
    const text = `{"channel":"orderUpdates","data":${data}}`;
    const seen = { channel: "orderUpdates", text, count: 1, block: 1 };
    expect(made(fault).frame?.(seen)).toBe("deliver");
  });

  it("an answer", () => {
    const body = `[{"status":"open","statusTimestamp":1},${DEEP}]`;
    const seen = { path: "/info", request: "{}", status: 200, body, block: 1 } as const;
    expect(made(RENAME).answer?.(seen)).toBe("deliver");
  });
});
