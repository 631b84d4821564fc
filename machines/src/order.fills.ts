import type { Decimal, FillKey } from "@cloister/model";

/** A fill as an order remembers it: enough to know it again, and to see that it came back changed. */
export type KnownFill = {
  readonly key: FillKey;
  readonly price: Decimal;
  readonly size: Decimal;
  readonly rest: KnownFill | undefined;
};

/**
 * The fills that an order knows, by key. Immutable and JSON-safe. A short list is scanned;
 * a long one becomes a tree of short lists, so that a fill of a busy order costs what any fill costs.
 */
export type FillTree =
  | { readonly kind: "list"; readonly count: number; readonly newest: KnownFill | undefined }
  | { readonly kind: "branch"; readonly count: number; readonly children: readonly FillTree[] };

/** Longest list that is scanned. */
const LIST_MAX = 32;
/** A branch takes four bits of the hash: eight levels use it up. */
const FAN = 16;
const DEPTH_MAX = 8;

export const NO_FILLS: FillTree = { kind: "list", count: 0, newest: undefined };

export function findFill(tree: FillTree, key: FillKey): KnownFill | undefined {
  let here = tree;
  for (let depth = 0; here.kind === "branch"; depth += 1) {
    here = here.children[slotOf(key, depth)] ?? NO_FILLS;
  }
  let known = here.newest;
  while (known !== undefined && known.key !== key) known = known.rest;
  return known;
}

/** Adds a fill that `findFill` did not find. */
export function addFill(
  tree: FillTree,
  fill: { readonly key: FillKey; readonly price: Decimal; readonly size: Decimal },
  depth = 0,
): FillTree {
  const count = tree.count + 1;
  if (tree.kind === "branch") {
    const slot = slotOf(fill.key, depth);
    const children = tree.children.slice();
    children[slot] = addFill(children[slot] ?? NO_FILLS, fill, depth + 1);
    return { kind: "branch", count, children };
  }
  if (tree.count >= LIST_MAX && depth < DEPTH_MAX) return addFill(split(tree, depth), fill, depth);
  const newest = { key: fill.key, price: fill.price, size: fill.size, rest: tree.newest };
  return { kind: "list", count, newest };
}

/** Every fill, in no meaningful order. */
export function* eachFill(tree: FillTree): Generator<KnownFill> {
  if (tree.kind === "branch") {
    for (const child of tree.children) yield* eachFill(child);
    return;
  }
  for (let known = tree.newest; known !== undefined; known = known.rest) yield known;
}

function split(tree: FillTree, depth: number): FillTree {
  const children: FillTree[] = Array.from({ length: FAN }, () => NO_FILLS);
  for (const known of eachFill(tree)) {
    const slot = slotOf(known.key, depth);
    children[slot] = addFill(children[slot] ?? NO_FILLS, known, depth + 1);
  }
  return { kind: "branch", count: tree.count, children };
}

function slotOf(key: FillKey, depth: number): number {
  return (hashOf(key) >>> (4 * depth)) & (FAN - 1);
}

/** FNV-1a, with a last mix so that the low bits depend on the whole key. */
function hashOf(key: FillKey): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  return hash ^ (hash >>> 15);
}
