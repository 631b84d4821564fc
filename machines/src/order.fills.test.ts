import { describe, expect, it } from "vitest";
import { decimal } from "./order.evidence.fixture.ts";
import { addFill, eachFill, type FillTree, findFill, NO_FILLS } from "./order.fills.ts";

const price = decimal("10");

function treeOf(keys: readonly string[]): FillTree {
  return keys.reduce((tree, key) => addFill(tree, { key, price, size: decimal("1") }), NO_FILLS);
}

describe("the fills of an order", () => {
  it.each([0, 1, 32, 33, 1_000, 5_000])(
    "%i fills: each is found, none twice, none else",
    (count) => {
      const keys = Array.from({ length: count }, (_, tid) => `${tid}|11|1700000000000|BTC`);
      const tree = treeOf(keys);
      expect(tree.count).toBe(count);
      expect(new Set([...eachFill(tree)].map((known) => known.key))).toEqual(new Set(keys));
      expect(keys.filter((key) => findFill(tree, key)?.key !== key)).toEqual([]);
      expect(findFill(tree, "9999|11|1700000000000|BTC")).toBeUndefined();
    },
  );

  it("a long list stays a tree of short ones: no level is long, and JSON keeps it", () => {
    const tree = treeOf(Array.from({ length: 5_000 }, (_, tid) => `key ${tid}`));
    expect(longestList(tree)).toBeLessThanOrEqual(32);
    expect(JSON.parse(JSON.stringify(tree))).toEqual(tree);
  });

  it("what was known before stays as it was", () => {
    const before = treeOf(["a", "b"]);
    const after = addFill(before, { key: "c", price, size: decimal("1") });
    expect([before.count, after.count]).toEqual([2, 3]);
    expect(findFill(before, "c")).toBeUndefined();
  });
});

function longestList(tree: FillTree): number {
  return tree.kind === "list" ? tree.count : Math.max(...tree.children.map(longestList));
}
