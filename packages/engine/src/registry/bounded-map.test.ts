import { describe, expect, it } from "vitest";
import { BoundedMap } from "./bounded-map.ts";

describe("a bounded map", () => {
  it("forgets what was set first, and tells who", () => {
    const forgotten: string[] = [];
    const map = new BoundedMap<string, number>(2, (key, value) => forgotten.push(`${key}${value}`));
    map.set("a", 1);
    map.set("b", 2);
    map.set("a", 3);
    map.set("c", 4);
    expect(forgotten).toEqual(["a3"]);
    expect([...map.values()]).toEqual([2, 4]);
    expect(map.has("a")).toBe(false);
    expect(map.delete("b")).toBe(true);
    expect(map.size).toBe(1);
  });
});
