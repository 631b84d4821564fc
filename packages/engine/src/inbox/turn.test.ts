import { describe, expect, it } from "vitest";
import { Turn } from "./turn.ts";

function turn(): Turn {
  return new Turn({ kind: "venue", facts: [] });
}

describe("a turn", () => {
  it("does work caused by work after what was there before, and the last work last", () => {
    const seen: string[] = [];
    const work = turn();
    work.lastly(() => seen.push("last"));
    work.later(() => {
      seen.push("a");
      work.later(() => seen.push("c"));
    });
    work.later(() => seen.push("b"));
    expect(work.isComplete).toBe(false);
    work.complete(() => undefined);
    expect(seen).toEqual(["a", "b", "c", "last"]);
    expect(work.isComplete).toBe(true);
  });

  it("a throw ends its own work only", () => {
    const seen: unknown[] = [];
    const work = turn();
    work.later(() => {
      throw new Error("no");
    });
    work.later(() => seen.push("next"));
    work.complete((error) => seen.push(String(error)));
    expect(seen).toEqual(["Error: no", "next"]);
  });
});
