import type { Certificate, Command } from "@cloister/model";
import type { CancelAllResult, Modified } from "../api.ts";

/** A command before its turn: each member of the union without its number. */
export type Unnumbered = Command extends infer One
  ? One extends Command
    ? Omit<One, "id">
    : never
  : never;

/** A caller speaks. */
export type Asked = {
  readonly kind: "asked";
  readonly command: Unnumbered;
  readonly numbered: (id: number) => void;
};

const CLOSED: Modified = { kind: "unresolved", doubt: "the engine was closed" };

/** Who waits for what became of a command, by its number. After a restart nobody does. */
export class Callers {
  readonly #modified = new Map<number, (result: Modified) => void>();
  readonly #reconciled = new Map<number, (certificate: Certificate) => void>();
  readonly #swept = new Map<number, (result: CancelAllResult) => void>();

  get waiting(): number {
    return this.#modified.size + this.#swept.size + this.#reconciled.size;
  }

  onModified(command: number, done: (result: Modified) => void): void {
    this.#modified.set(command, done);
  }

  onReconciled(command: number, done: (certificate: Certificate) => void): void {
    this.#reconciled.set(command, done);
  }

  onSwept(command: number, done: (result: CancelAllResult) => void): void {
    this.#swept.set(command, done);
  }

  modified(command: number, result: Modified): void {
    this.#modified.get(command)?.(result);
    this.#modified.delete(command);
  }

  reconciled(command: number, certificate: Certificate): void {
    this.#reconciled.get(command)?.(certificate);
    this.#reconciled.delete(command);
  }

  swept(command: number, result: CancelAllResult): void {
    this.#swept.get(command)?.(result);
    this.#swept.delete(command);
  }

  /** The engine is closed: a modify that is under way stays unresolved. */
  stop(): void {
    for (const done of this.#modified.values()) done(CLOSED);
    this.#modified.clear();
  }
}
