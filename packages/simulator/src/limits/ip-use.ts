import type { Clock } from "@cloister/model";
import type { Limits } from "./limits.ts";
import { Minute } from "./minute.ts";

/** What one network address uses of its limits, over all of its sockets and requests (protocol §12.1). */
export class IpUse {
  readonly #limits: Limits;
  readonly #weight: Minute;
  readonly #messages: Minute;
  readonly #begun: Minute;
  #connections = 0;
  #subscriptions = 0;
  /** Subscriptions by the user they name. */
  readonly #users = new Map<unknown, number>();

  constructor(limits: Limits, clock: Clock) {
    this.#limits = limits;
    this.#weight = new Minute(clock, () => limits.restWeight);
    this.#messages = new Minute(clock, () => limits.messages);
    this.#begun = new Minute(clock, () => limits.newConnections);
  }

  /** Counts the weight of a request; false when the minute has no room for it, and then it counts nothing. */
  weighs(weight: number): boolean {
    return this.#weight.takes(weight);
  }

  /** Counts what is known only afterwards, whether there is room for it or not. */
  adds(weight: number): void {
    this.#weight.adds(weight);
  }

  /** Counts a frame; false when there were too many. */
  sends(): boolean {
    return this.#messages.takes(1);
  }

  messagesText(): string {
    return `Cannot send more than ${this.#limits.messages} messages per minute.`;
  }

  /** Counts a connection; false when there are too many, or too many were begun. */
  connects(): boolean {
    if (this.#connections >= this.#limits.connections || !this.#begun.takes(1)) return false;
    this.#connections += 1;
    return true;
  }

  disconnects(): void {
    this.#connections -= 1;
  }

  /** Counts a subscription and the user it names; the text of an error frame when there are too many. */
  subscribes(user: unknown): string | undefined {
    const { subscriptions, users } = this.#limits;
    if (this.#subscriptions >= subscriptions) {
      return `Cannot track more than ${subscriptions} total subscriptions.`;
    }
    if (user !== undefined && !this.#users.has(user) && this.#users.size >= users) {
      return `Cannot track more than ${users} total users.`;
    }
    this.#subscriptions += 1;
    if (user !== undefined) this.#users.set(user, (this.#users.get(user) ?? 0) + 1);
    return undefined;
  }

  unsubscribes(user: unknown): void {
    this.#subscriptions -= 1;
    const left = (this.#users.get(user) ?? 0) - 1;
    if (left > 0) this.#users.set(user, left);
    else this.#users.delete(user);
  }
}
