import * as fc from "fast-check";
import { expect, it } from "vitest";
import { frameOfText, textOfFrame } from "./frame-text.ts";

it("loses nothing of a frame, whatever bytes it has and however they came", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.string({ unit: "grapheme" }), (raw, said) => {
      const bytes = Buffer.from(raw);
      const binary = textOfFrame(bytes, true);
      expect(frameOfText(binary)).toEqual({ bytes, binary: true });
      expect(textOfFrame([bytes.subarray(0, 3), bytes.subarray(3)], true)).toBe(binary);
      const text = Buffer.from(said, "utf8");
      expect(frameOfText(textOfFrame(text, false))).toEqual({ bytes: text, binary: false });
    }),
    { seed: 4, numRuns: 300 },
  );
});
