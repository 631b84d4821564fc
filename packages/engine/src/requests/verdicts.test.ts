import { parseCloid } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { elementError, filledNow, resting } from "../situations/rig.fixture.ts";
import { verdictsOf } from "./verdicts.ts";

const A = parseCloid("a".repeat(32));
const B = parseCloid("b".repeat(32));
const C = parseCloid("c".repeat(32));

function kinds(...args: Parameters<typeof verdictsOf>): readonly (string | null)[] {
  return verdictsOf(...args).map((verdict) => verdict?.kind ?? null);
}

describe("verdicts of an answer", () => {
  it("by position when the counts agree", () => {
    const statuses = [resting(7), elementError("tick", "t"), filledNow(9, "1")];
    expect(kinds([A, B, C], statuses, 5)).toEqual(["accepted", "refused", "filled"]);
  });

  it("a status that echoes another's cloid goes to whom it names", () => {
    const verdicts = verdictsOf([A, B], [resting(8, B), resting(7, A)], 5);
    expect(verdicts).toMatchObject([
      { kind: "accepted", oid: 7 },
      { kind: "accepted", oid: 8 },
    ]);
    expect(kinds([A, B], [resting(8, C), resting(7)], 5)).toEqual([null, "accepted"]);
  });

  it("by echoed cloid when they do not agree, the rest unmapped", () => {
    expect(kinds([A, B, C], [resting(7, B)], 5)).toEqual([null, "accepted", null]);
    expect(kinds([A], [resting(7), resting(8, A)], 5)).toEqual(["accepted"]);
    expect(kinds([A, B], [], 5)).toEqual([null, null]);
  });

  it("a static error that comes alone speaks for all; another error does not", () => {
    expect(kinds([A, B], [elementError("emptyBatch", "s", true)], 5)).toEqual([
      "refused",
      "refused",
    ]);
    expect(kinds([A, B], [elementError("margin", "m")], 5)).toEqual([null, null]);
  });

  it("what says nothing of a place is unmapped", () => {
    expect(kinds([A], [{ kind: "success" }], 5)).toEqual([null]);
    expect(kinds([A], [{ kind: "unrecognized", text: "?" }], 5)).toEqual([null]);
    expect(kinds([A], [{ kind: "waiting", waitsFor: "trigger" }], 5)).toEqual(["waiting"]);
  });
});
