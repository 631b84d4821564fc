import type { CopyId, Mouth } from "@cloister/model";
import { BoundedMap } from "../registry/bounded-map.ts";

/** Which write an answer belongs to. */
export type CopyOwner =
  | {
      readonly kind: "request";
      readonly request: number;
      readonly of: "copy" | "noop";
      readonly mouth: Mouth;
    }
  | { readonly kind: "cancel"; readonly request: number; readonly mouth: Mouth };

/** Answers may come after the request has ended: they still count as evidence for its orders. */
const COPIES_MAX = 50_000;

/** Every write, numbered, until it is answered or long forgotten. */
export class Copies {
  readonly #owners = new BoundedMap<CopyId, CopyOwner>(COPIES_MAX);
  #lastId = 0;

  /** Writes that are not answered. */
  get open(): number {
    return this.#owners.size;
  }

  get lastId(): number {
    return this.#lastId;
  }

  /** Numbers up to this one were given out, by whatever is in no record. */
  countFrom(last: number): void {
    this.#lastId = Math.max(this.#lastId, last);
  }

  next(owner: CopyOwner): CopyId {
    this.#lastId += 1;
    this.#owners.set(this.#lastId, owner);
    return this.#lastId;
  }

  owner(copy: CopyId): CopyOwner | undefined {
    return this.#owners.get(copy);
  }

  forget(copy: CopyId): void {
    this.#owners.delete(copy);
  }
}
