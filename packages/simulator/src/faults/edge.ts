import type { Clock } from "@cloister/model";
import { type About, aboutOf } from "./about.ts";
import type { ActionFate, Who } from "./action-fate.ts";
import type { LiveCore } from "../core.ts";
import type { Door, Peer } from "../doors/door.ts";
import type { Delivery, Faults, ReadSeen } from "./faults.ts";
import { answerAs } from "./reading.ts";
import type { InfoAnswer } from "../info/answer.ts";
import { answerHttp, type HttpAnswer, type HttpRequest } from "../doors/http-front.ts";
import { isObject, parseFirst, parseWhole } from "../json.ts";

/** The close code of a connection that ended without a close frame. */
export const ABNORMAL = 1006;

/** How an HTTP answer leaves: carried by the clock or by a socket, or the connection is cut under it. */
export type HttpWay = {
  carry(answer: HttpAnswer, delayMs: number): void;
  cut(): void;
};

/** Where a wire's misbehaviour is decided: it counts what passes and asks the faults, whatever carries it. */
export class Edge {
  readonly #core: LiveCore;
  readonly #faults: Faults;
  #frames = 0;
  #actions = 0;
  #requests = 0;

  readonly #unplug: () => void;

  constructor(core: LiveCore, faults: Faults = {}) {
    this.#core = core;
    this.#faults = faults;
    this.#unplug = core.suffer(faults);
  }

  /** What its faults did to the exchange itself ends. */
  close(): void {
    this.#unplug();
  }

  get clock(): Clock {
    return this.#core.settings.clock;
  }

  door(peer: Peer, recover: Door["recover"]): Door {
    return {
      core: this.#core,
      recover,
      peer,
      ip: this.#core.useOf(peer),
      fateOf: (action, who) => this.#fateOf(action, who),
      read: (path, request) => this.#read(path, request),
    };
  }

  frame(text: string, about: About): Delivery {
    this.#frames += 1;
    if (this.#faults.frame === undefined) return "deliver";
    const frame = parseWhole(text)?.value;
    const channel = isObject(frame) && typeof frame["channel"] === "string" ? frame["channel"] : "";
    return this.#faults.frame({
      ...about,
      channel,
      text,
      count: this.#frames,
      block: this.#block(),
    });
  }

  afterBlock(callback: () => void): boolean {
    return this.#core.afterBlock(callback);
  }

  /** Brings a request in, and its answer out unless a fault decides otherwise. */
  answerHttp(door: Door, request: HttpRequest, way: HttpWay): void {
    const { path, body } = request;
    const { request: ofRequest, answer: ofAnswer } = this.#faults;
    if (path !== "/info" && path !== "/exchange") {
      answerHttp(door, request, (answer) => way.carry(answer, 0));
      return;
    }
    this.#requests += 1;
    const asked = ofRequest === undefined && ofAnswer === undefined ? {} : aboutBody(body);
    const block = this.#block();
    const pass = ofRequest?.({ ...asked, path, body, count: this.#requests, block }) ?? "pass";
    if (pass !== "pass") {
      way.carry(pass.instead, 0);
      return;
    }
    answerHttp(door, request, (answer, about) => {
      const known = { ...asked, ...about, block: this.#block() };
      const fate = ofAnswer?.({ ...known, path, request: body, ...answer }) ?? "deliver";
      deliver(fate, answer, way);
    });
  }

  #fateOf(action: { type: string; nonce: number }, who: Who): ActionFate {
    this.#actions += 1;
    const seen = { ...action, ...who, count: this.#actions, block: this.#block() };
    return this.#faults.action?.(seen) ?? "execute";
  }

  #read(path: ReadSeen["path"], request: unknown): InfoAnswer {
    const asked = isObject(request) ? aboutOf(request) : {};
    const fate = this.#faults.reading?.({ ...asked, path, block: this.#block() }) ?? "fresh";
    return answerAs(this.#core, request, fate);
  }

  #block(): number {
    return this.#core.ledger.news.number;
  }
}

function deliver(
  fate: ReturnType<NonNullable<Faults["answer"]>>,
  answer: HttpAnswer,
  way: HttpWay,
): void {
  if (fate === "lose") return;
  if (fate === "disconnect" || (typeof fate === "object" && "closeCode" in fate)) way.cut();
  else if (typeof fate === "object" && "instead" in fate) way.carry(fate.instead, 0);
  else way.carry(answer, typeof fate === "object" && "holdMs" in fate ? fate.holdMs : 0);
}

/** What a request's body tells of itself. */
function aboutBody(body: string): About {
  const value = parseFirst(body)?.value;
  return isObject(value) ? aboutOf(value) : {};
}
