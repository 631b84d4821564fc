/** How `util.inspect` and `console.log` ask an object for its picture. */
const INSPECT: unique symbol = Symbol.for("nodejs.util.inspect.custom");
const PICTURE = "[secret]";

/**
 * A text that shows nowhere: JSON, inspections, template strings, logs and errors get `[secret]`.
 * Whoever needs it says so: `reveal()`.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return PICTURE;
  }

  toJSON(): string {
    return PICTURE;
  }

  [INSPECT](): string {
    return PICTURE;
  }
}
