import type { Certificate, Clock, SurveyCause, VenueFact } from "@cloister/model";
import type { Deadlines } from "../inbox/deadlines.ts";
import type { Turn } from "../inbox/turn.ts";
import type { Limits } from "../options.ts";
import type { Survey } from "./survey.ts";
import type { Surveyor } from "./surveyor.ts";

type Ports = {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly limits: Pick<Limits, "barrierEveryMs" | "recoveryBufferMax" | "lookMaxMs">;
  readonly surveyor: Surveyor;
  readonly turn: () => Turn;
  /** Takes an event that was held back. */
  readonly release: (fact: VenueFact) => void;
  /** The streams are live and everything was looked at. */
  readonly opened: () => void;
};

const RETRY_MS = 1_000;

/**
 * After each connect: places wait until the venue was looked at as a whole. While the reads are under way, private
 * events are held back and then applied; they are never held longer than one attempt. A read that fails is no empty
 * answer: it starts the whole again, from the same floor.
 */
export class Barrier {
  readonly #ports: Ports;
  #phase: "down" | "waiting" | "reading" | "open" = "down";
  #cause: SurveyCause = "start";
  #survey: Survey | undefined;
  #begunMs: number | undefined;
  #failures = 0;
  #held: VenueFact[] = [];
  #buffered = 0;
  #certificate: Certificate | undefined;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** What the latest recovery was worth; undefined before the first has ended. */
  get certificate(): Certificate | undefined {
    return this.#certificate;
  }

  get isOpen(): boolean {
    return this.#phase === "open";
  }

  get held(): number {
    return this.#held.length;
  }

  /** The streams are acknowledged. A connection that flaps costs one look per `barrierEveryMs`. */
  connected(): void {
    if (this.#phase !== "down") return;
    this.#failures = 0;
    this.#wait(this.#pauseMs());
  }

  /** The connection went: what is still being read belongs to the past, and what was held is told. */
  abandon(): void {
    this.#callOff("the connection was lost");
    this.#phase = "down";
    if (this.#certificate !== undefined) this.#cause = "reconnect";
    this.#ports.deadlines.disarm({ kind: "recovery", attempt: 0 });
  }

  /** Another process: it looks at once, however lately the one before it looked. */
  restarted(): void {
    this.#begunMs = undefined;
    this.#cause = "start";
  }

  due(): void {
    if (this.#phase === "waiting") this.#read();
  }

  /** Whether the event is held back until the reads are done. */
  holds(fact: VenueFact): boolean {
    if (this.#phase !== "reading") return false;
    this.#held.push(fact);
    if (this.#held.length > this.#ports.limits.recoveryBufferMax) this.#overflow();
    return true;
  }

  #pauseMs(): number {
    if (this.#begunMs === undefined) return 0;
    const sinceMs = this.#ports.clock.monotonicMs() - this.#begunMs;
    return Math.max(0, this.#ports.limits.barrierEveryMs - sinceMs);
  }

  #wait(pauseMs: number): void {
    this.#phase = "waiting";
    if (pauseMs === 0) this.#read();
    else this.#ports.deadlines.arm(pauseMs, { kind: "recovery", attempt: 0 });
  }

  #read(): void {
    const { clock, surveyor } = this.#ports;
    this.#phase = "reading";
    this.#begunMs = clock.monotonicMs();
    this.#buffered = 0;
    const done = (survey: Survey): void => this.#done(survey);
    this.#survey = surveyor.begin({ cause: this.#cause, orders: true, account: true, done });
  }

  #done(survey: Survey): void {
    const { limits, turn } = this.#ports;
    this.#survey = undefined;
    this.#release();
    this.#publish(survey);
    if (survey.notes.hasFailed) {
      this.#failures += 1;
      this.#cause = "retry";
      this.#wait(Math.min(limits.lookMaxMs, RETRY_MS * 2 ** (this.#failures - 1)));
      return;
    }
    this.#phase = "open";
    this.#cause = "reconnect";
    // After what was held back.
    turn().later(() => this.#ports.opened());
  }

  /** More than may be held: it is told, and what was read beside it is looked at again. */
  #overflow(): void {
    const count = this.#held.length;
    this.#ports.turn().alarm("bufferOverflow", `${count} events were held back`);
    this.#callOff("too many events came meanwhile");
    this.#cause = "overflow";
    this.#wait(Math.max(1, this.#pauseMs()));
  }

  #callOff(why: string): void {
    const survey = this.#survey;
    this.#survey = undefined;
    this.#release();
    if (survey === undefined) return;
    survey.abandon();
    survey.notes.abandoned(why);
    this.#publish(survey);
  }

  #publish(survey: Survey): void {
    this.#certificate = survey.certificate(this.#buffered);
    this.#ports.surveyor.publish(this.#certificate);
  }

  #release(): void {
    const held = this.#held;
    this.#held = [];
    this.#buffered += held.length;
    for (const fact of held) this.#ports.turn().later(() => this.#ports.release(fact));
  }
}
