/** Keys and types of a message, whatever its values: by path, with the elements of a list taken together. */
export type Shape = ReadonlyMap<string, ReadonlySet<string>>;

/** What two shapes may differ in: a key, with all below it, and its reason. */
export type Allowed = Readonly<Record<string, string>>;

export function shapeOf(message: unknown): Shape {
  const shape = new Map<string, Set<string>>();
  note(shape, "", message);
  return shape;
}

/** What is in one shape and not in the other; types of values must be known ones. Nothing but reasons excuses it. */
export function differences(ours: Shape, theirs: Shape, allowed: Allowed = {}): string[] {
  const excused = (path: string): boolean =>
    Object.keys(allowed).some((key) => `${path.replaceAll("[]", "")}.`.includes(`.${key}.`));
  const missing = [...theirs.keys()].filter((path) => !ours.has(path));
  const extra = [...ours.keys()].filter((path) => !theirs.has(path));
  const strange = [...ours].flatMap(([path, types]) => {
    const known = theirs.get(path);
    if (known === undefined) return [];
    return [...types].filter((type) => !known.has(type)).map((type) => ({ path, type }));
  });
  return [
    ...missing.filter((path) => !excused(path)).map((path) => `missing: ${path}`),
    ...extra.filter((path) => !excused(path)).map((path) => `not theirs: ${path}`),
    ...strange
      .filter(({ path }) => !excused(path))
      .map(
        ({ path, type }) => `${path} is ${type}, theirs ${[...(theirs.get(path) ?? [])].join()}`,
      ),
  ];
}

function note(shape: Map<string, Set<string>>, path: string, value: unknown): void {
  const types = shape.get(path) ?? new Set();
  shape.set(path, types.add(typeOf(value)));
  if (Array.isArray(value)) {
    for (const element of value) note(shape, `${path}[]`, element);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, child] of Object.entries(value)) note(shape, `${path}.${key}`, child);
  }
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  if (typeof value !== "string") return typeof value;
  if (/^-?\d+(\.\d+)?$/.test(value)) return "decimal";
  return /^0x[0-9a-fA-F]+$/.test(value) ? "hex" : "text";
}
