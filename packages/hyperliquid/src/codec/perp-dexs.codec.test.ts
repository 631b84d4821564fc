import { describe, expect, it } from "vitest";
import { decodePerpDexs } from "./perp-dexs.codec.ts";

describe("perpDexs (protocol §8.1)", () => {
  it("keeps every place: null is the first dex, what is broken leaves a hole", () => {
    expect(
      decodePerpDexs([
        null,
        { name: "xyz", fullName: "Example" },
        null,
        { name: 1 },
        { name: "abc" },
      ]),
    ).toEqual({
      kind: "ok",
      value: ["", "xyz", undefined, undefined, "abc"],
    });
  });

  it.each([[null], [{}], ["xyz"]])("refuses %j", (body) => {
    expect(decodePerpDexs(body).kind).toBe("unrecognized");
  });
});
