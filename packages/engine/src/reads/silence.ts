import type { Clock, Oid, OrderReport, Venue } from "@cloister/model";
import type { Deadlines } from "../inbox/deadlines.ts";
import type { Turn } from "../inbox/turn.ts";
import { BoundedMap } from "../registry/bounded-map.ts";
import type { VenueHour } from "./venue-hour.ts";

type Ports = {
  readonly venue: Venue;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly hour: VenueHour;
  readonly limits: { readonly silenceMs: number };
  readonly turn: () => Turn;
};

/** What the stream told of a leg. */
type Heard = { readonly placedAt: number; readonly ended: boolean };

type Claim = { readonly what: string; readonly dueMs: number };

/** Legs remembered as told by the stream; and claims, of which the first is enough. */
const HEARD_MAX = 20_000;
const CLAIMS_MAX = 1_000;
const NEVER = Number.POSITIVE_INFINITY;

/**
 * Holds the private streams against other witnesses. What a pushed list or a read shows of the time since the streams
 * are live, a stream must have told, or tell within `silenceMs`; else it is connected and silent (protocol §2.5),
 * and the connection is given up for a new one.
 */
export class Silence {
  readonly #ports: Ports;
  readonly #heard: BoundedMap<Oid, Heard>;
  readonly #claims = new Map<string, Claim>();
  /** Venue time: what is not later need not have been told. */
  #since = NEVER;

  constructor(ports: Ports) {
    this.#ports = ports;
    // What is forgotten may have been told: only younger legs are judged.
    this.#heard = new BoundedMap(HEARD_MAX, (_, { placedAt }) => {
      this.#since = Math.max(this.#since, placedAt);
    });
  }

  /** The gate has opened: from now on the streams must tell everything. */
  begin(): void {
    this.#since = this.#ports.hour.seen;
  }

  /** The connection went, or is not believed any more. */
  stop(): void {
    this.#since = NEVER;
    this.#claims.clear();
    this.#ports.deadlines.disarm({ kind: "silence" });
  }

  readonly streamedOrder = ({ oid, placedAt, word }: OrderReport): void => {
    // A word that nobody understands may have been the end: the stream did tell.
    const ended = mayEnd(word) || this.#heard.get(oid)?.ended === true;
    this.#heard.set(oid, { placedAt, ended });
    if (this.#claims.size === 0) return;
    this.#claims.delete(`open ${oid}`);
    if (ended) this.#claims.delete(`end ${oid}`);
  };

  readonly streamedFill = (key: string, oid: Oid): void => {
    if (this.#claims.size === 0) return;
    this.#claims.delete(`fill ${key}`);
    this.#claims.delete(`left ${oid}`);
  };

  /** A pushed list shows less of a leg than its fills leave. */
  readonly shrunk = (oid: Oid): void => {
    if (this.#since !== NEVER) this.#claim(`left ${oid}`, `leg ${oid} is listed with less left`);
  };

  /** A row of a pushed list. Of an order that waits for its trigger or its parent no stream need have told. */
  readonly listed = ({ oid, placedAt, waitsForTrigger }: OrderReport): void => {
    if (placedAt <= this.#since || waitsForTrigger === true || this.#heard.has(oid)) return;
    this.#claim(`open ${oid}`, `leg ${oid} is listed as open`);
  };

  /** The record of a read. A leg that was rejected need not be told of when nobody heard of it. */
  readonly readOrder = ({ oid, at, word }: OrderReport): void => {
    if (at <= this.#since || !isEnd(word) || word.kind === "rejected") return;
    if (this.#heard.get(oid)?.ended !== true) this.#claim(`end ${oid}`, `leg ${oid} has ended`);
  };

  /** A fill that a read brought and that was new. */
  readonly readFill = (key: string, at: number): void => {
    if (at > this.#since) this.#claim(`fill ${key}`, `there is a fill ${key}`);
  };

  due(): void {
    const { clock, deadlines, turn, venue } = this.#ports;
    const nowMs = clock.monotonicMs();
    let nextMs = NEVER;
    for (const { what, dueMs } of this.#claims.values()) {
      if (dueMs <= nowMs) {
        const text = `${what}, and no stream told it`;
        this.stop();
        turn().alarm("streamSilent", text);
        turn().later(() => venue.distrust(text));
        return;
      }
      nextMs = Math.min(nextMs, dueMs);
    }
    if (nextMs !== NEVER) deadlines.arm(nextMs - nowMs, { kind: "silence" });
  }

  #claim(key: string, what: string): void {
    if (this.#claims.has(key) || this.#claims.size >= CLAIMS_MAX) return;
    const { clock, deadlines, limits } = this.#ports;
    this.#claims.set(key, { what, dueMs: clock.monotonicMs() + limits.silenceMs });
    const deadline = { kind: "silence" } as const;
    if (!deadlines.isArmed(deadline)) deadlines.arm(limits.silenceMs, deadline);
  }
}

function mayEnd(word: OrderReport["word"]): boolean {
  return isEnd(word) || word.kind === "unknown";
}

function isEnd({ kind }: OrderReport["word"]): boolean {
  return kind === "filled" || kind === "canceled" || kind === "rejected";
}
