import { type Address, invalidOption, readAddress, readDecimal } from "@cloister/model";
import { isList, isObject, type JsonObject } from "./json.ts";

type Bounds = { readonly min: number; readonly max: number };

/**
 * One object that somebody wrote, of a fault plan, of rules or of a script: every key is asked for by name, and what
 * nobody asked for is refused.
 */
export class WrittenObject {
  readonly #value: JsonObject;
  readonly #path: string;
  readonly #asked = new Set<string>();

  /** `called`: how it is named where it has no path. @throws invalidOption unless it is an object. */
  constructor(value: unknown, path: string, called = path) {
    if (!isObject(value)) throw invalidOption(called, value, "must be an object");
    this.#value = value;
    this.#path = path;
  }

  has(key: string): boolean {
    return this.#take(key) !== undefined;
  }

  /** A whole number. @throws invalidOption */
  whole(key: string, { min, max }: Bounds): number {
    const value = this.#take(key);
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max) {
      return value;
    }
    throw this.refuse(key, `must be a whole number from ${min} to ${max}`);
  }

  /** A probability. @throws invalidOption */
  chance(key: string): number {
    const value = this.#take(key);
    if (typeof value === "number" && value > 0 && value <= 1) return value;
    throw this.refuse(key, "must be a number above 0, at most 1");
  }

  flag(key: string): boolean {
    const value = this.#take(key);
    if (typeof value === "boolean") return value;
    throw this.refuse(key, "must be true or false");
  }

  /** One of a few words. @throws invalidOption */
  word<const W extends string>(key: string, words: readonly W[]): W {
    const value = this.#take(key);
    const word = words.find((candidate) => candidate === value);
    if (word !== undefined) return word;
    throw this.refuse(key, `must be one of ${words.join(", ")}`);
  }

  name(key: string): string {
    const value = this.#take(key);
    if (typeof value === "string" && value !== "") return value;
    throw this.refuse(key, "must be a name");
  }

  /** A text; it may be empty. @throws invalidOption */
  text(key: string): string {
    const value = this.#take(key);
    if (typeof value === "string") return value;
    throw this.refuse(key, "must be a text");
  }

  /** A decimal as the venue prints it. @throws invalidOption */
  decimal(key: string): string {
    const value = this.#take(key);
    if (typeof value === "string" && readDecimal(value) !== undefined) return value;
    throw this.refuse(key, "must be a decimal in quotes");
  }

  /** Anything that is there. @throws invalidOption */
  anything(key: string): unknown {
    const value = this.#take(key);
    if (value !== undefined) return value;
    throw this.refuse(key, "must be given");
  }

  list(key: string): readonly unknown[] {
    const value = this.#take(key);
    if (isList(value)) return value;
    throw this.refuse(key, "must be a list");
  }

  address(key: string): Address {
    const address = readAddress(this.#take(key));
    if (address !== undefined) return address;
    throw this.refuse(key, "must be 0x and 40 hex digits");
  }

  /** An object in it; an empty one when it is left out. */
  object(key: string): WrittenObject {
    return new WrittenObject(this.#take(key) ?? {}, this.#pathOf(key));
  }

  objects(key: string): readonly WrittenObject[] {
    return this.list(key).map((one, at) => new WrittenObject(one, `${this.#pathOf(key)}[${at}]`));
  }

  /** @throws invalidOption for the first key that nobody asked for. */
  end(): void {
    for (const key of Object.keys(this.#value)) {
      if (!this.#asked.has(key)) throw this.refuse(key, "is not known here");
    }
  }

  refuse(key: string, rule: string): Error {
    return invalidOption(this.#pathOf(key), this.#take(key), rule);
  }

  #take(key: string): unknown {
    this.#asked.add(key);
    return Object.hasOwn(this.#value, key) ? this.#value[key] : undefined;
  }

  #pathOf(key: string): string {
    return this.#path === "" ? key : `${this.#path}.${key}`;
  }
}
