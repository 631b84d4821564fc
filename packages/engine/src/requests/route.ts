import type { Clock, CopyId, Mouth } from "@cloister/model";
import type { Limits } from "../options.ts";

type Ports = {
  readonly clock: Clock;
  readonly limits: Pick<Limits, "restOnlyAfter" | "restCooldownMs" | "requestTimeoutMs">;
};

/**
 * By which way posts leave. A socket that lives may still swallow posts: after several failures in a row they go by
 * REST, until the cooldown is over and one post, the probe, was answered by socket. Places need live streams
 * whatever the route.
 */
export class Route {
  readonly #ports: Ports;
  #failures = 0;
  /** While posts go by REST: until when at least, monotonic ms. */
  #restUntilMs: number | undefined;
  #probe: { readonly copy: CopyId; readonly writtenMs: number } | undefined;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  get kind(): "socket" | "restOnly" {
    return this.#restUntilMs === undefined ? "socket" : "restOnly";
  }

  /** The way of the next post. */
  choose(socketUp: boolean): Mouth {
    if (!socketUp) return "rest";
    this.#giveUpProbe();
    if (this.#restUntilMs === undefined) return "socket";
    const isCool = this.#ports.clock.monotonicMs() >= this.#restUntilMs;
    return isCool && this.#probe === undefined ? "socket" : "rest";
  }

  /** Its request may be over by other news, and then nobody waits for the answer any more. */
  #giveUpProbe(): void {
    const { clock, limits } = this.#ports;
    if (this.#probe === undefined) return;
    if (clock.monotonicMs() - this.#probe.writtenMs < limits.requestTimeoutMs) return;
    this.failed(this.#probe.copy, "socket");
  }

  wrote(copy: CopyId, mouth: Mouth): void {
    if (mouth !== "socket" || this.#restUntilMs === undefined) return;
    this.#probe = { copy, writtenMs: this.#ports.clock.monotonicMs() };
  }

  /** A post was answered, however late: the way is good. */
  answered(mouth: Mouth): void {
    if (mouth !== "socket") return;
    this.#failures = 0;
    this.#restUntilMs = undefined;
    this.#probe = undefined;
  }

  /** A post could not be written, was not answered in time, or not in words that say anything. */
  failed(copy: CopyId, mouth: Mouth): void {
    if (mouth !== "socket") return;
    const { clock, limits } = this.#ports;
    this.#failures += 1;
    const isProbe = copy === this.#probe?.copy;
    if (!isProbe && (this.#restUntilMs !== undefined || this.#failures < limits.restOnlyAfter)) {
      return;
    }
    this.#probe = undefined;
    this.#restUntilMs = clock.monotonicMs() + limits.restCooldownMs;
  }

  /** The socket is gone: the next one is judged by its own posts, once the cooldown is over. */
  lost(): void {
    this.#failures = 0;
    this.#probe = undefined;
  }
}
