import type { Cancel } from "@cloister/model";
import { openChannel, rankOf } from "../channels/table.ts";
import { type Feed, isMaker, type Opening } from "../channels/subscription.ts";
import { type Door, submitAction } from "./door.ts";
import { type About, aboutOf } from "../faults/about.ts";
import { postError } from "./post-error.ts";
import type { Rules } from "../choices/rules.ts";
import { isList, isObject, isWhole, type JsonObject, parseWhole } from "../json.ts";
import { actionWeight, readWeight, rowsWeight } from "../limits/request-weight.ts";

/** The other end of a socket, as a session uses it. */
export type SessionPort = {
  /** `about` is for those who decide what becomes of the text. */
  send(text: string, about: About): void;
  /** Ends the connection without a close frame (the client sees 1006). */
  drop(): void;
};

/** As the venue says it, where it says one (protocol §2.1). */
const GREETING = "Websocket connection established.";
const SILENCE_MS = 60_000;

type Open = {
  readonly key: string;
  readonly rank: number;
  /** Whom it names, if anybody. */
  readonly user: unknown;
  readonly about: About;
  readonly feed: Feed;
};

/** One WebSocket session (protocol §2, §3). It never throws, whatever it receives. */
export class Session {
  readonly #door: Door;
  readonly #port: SessionPort;
  #subscriptions: Open[] = [];
  readonly #leave: () => void;
  #stopSilence: Cancel = () => {};
  #saidAtMs = 0;
  #inFlight = 0;
  /** The latest action of each id that is not answered yet. */
  readonly #underway = new Map<number, JsonObject>();
  #over = false;
  readonly #methods: ReadonlyMap<unknown, (frame: JsonObject, text: string) => void> = new Map([
    ["ping", () => this.#say({ channel: "pong" })],
    ["subscribe", (frame: JsonObject, text: string) => this.#subscribe(frame, text)],
    ["unsubscribe", (frame: JsonObject, text: string) => this.#unsubscribe(frame, text)],
    ["post", (frame: JsonObject, text: string) => this.#post(frame, text)],
  ]);

  constructor(door: Door, port: SessionPort) {
    this.#door = door;
    this.#port = port;
    this.#leave = door.core.onBlock((news) => {
      for (const { key, feed, about } of this.#subscriptions) {
        const told = feed.onBlock(news);
        if (told === undefined) continue;
        if (isMaker(told)) this.#write(news.printed(key, told), about);
        else for (const message of isList(told) ? told : [told]) this.#say(message, about);
      }
    });
    if (!door.ip.connects()) {
      this.#over = true;
      this.#leave();
      port.drop();
      return;
    }
    this.#saidAtMs = this.#nowMs();
    this.#watchSilence(SILENCE_MS);
    if (door.core.settings.rules.greeting === "sent") this.#write(GREETING, {});
  }

  get #rules(): Rules {
    return this.#door.core.settings.rules;
  }

  /** The connection ended, from either side. */
  over(): void {
    if (this.#over) return;
    this.#over = true;
    // What is underway still runs, but nobody waits for it any more.
    this.#door.peer.inFlightPosts -= this.#inFlight;
    this.#door.ip.disconnects();
    for (const { user } of this.#subscriptions) this.#door.ip.unsubscribes(user);
    this.#subscriptions = [];
    this.#leave();
    this.#stopSilence();
  }

  receive(text: string): void {
    if (this.#over) return;
    const { ip } = this.#door;
    if (!ip.sends()) {
      this.#error(ip.messagesText());
      return;
    }
    const parsed = parseWhole(text);
    const frame = parsed?.value;
    if (!isObject(frame)) {
      this.#notUnderstood(text);
      return;
    }
    const handle = this.#methods.get(frame["method"]);
    if (handle === undefined) this.#notUnderstood(text);
    else handle(frame, text);
  }

  #subscribe(frame: JsonObject, text: string): void {
    const opening = this.#open(frame, text);
    if (opening === undefined) return;
    const key = JSON.stringify(opening.echo);
    if (this.#subscriptions.some((open) => open.key === key)) {
      this.#error(`Already subscribed: ${key}`);
      return;
    }
    const user = opening.echo["user"];
    const refusal = this.#door.ip.subscribes(user);
    if (refusal !== undefined) {
      this.#error(refusal);
      return;
    }
    const feed = opening.feed();
    const about = aboutOf(opening.echo);
    const rank = rankOf(opening.echo["type"], this.#rules);
    this.#subscriptions.push({ key, rank, user, about, feed });
    this.#subscriptions.sort((a, b) => a.rank - b.rank);
    this.#acknowledge("subscribe", opening.echo);
    for (const message of feed.snapshot()) this.#say(message, about);
  }

  #unsubscribe(frame: JsonObject, text: string): void {
    const opening = this.#open(frame, text);
    if (opening === undefined) return;
    const key = JSON.stringify(opening.echo);
    const closing = this.#subscriptions.find((open) => open.key === key);
    if (closing === undefined) {
      this.#error(`Already unsubscribed: ${key}`);
      return;
    }
    this.#door.ip.unsubscribes(closing.user);
    this.#subscriptions = this.#subscriptions.filter((open) => open !== closing);
    this.#acknowledge("unsubscribe", opening.echo);
  }

  /** What a frame subscribes to; undefined when it was answered with an error or with the end of the connection. */
  #open(frame: JsonObject, text: string): Extract<Opening, { kind: "opened" }> | undefined {
    const opening = openChannel(this.#door.core, frame["subscription"]);
    if (opening.kind === "opened") return opening;
    if (opening.kind === "malformed") this.#notUnderstood(text);
    else if (opening.kind === "fatal" || this.#rules.unknownDexSubscription === "dropped") {
      this.#drop();
    } else this.#error(`Invalid subscription ${JSON.stringify(opening.echo)}`);
    return undefined;
  }

  #acknowledge(method: "subscribe" | "unsubscribe", subscription: JsonObject): void {
    const data = { method, subscription };
    this.#say({ channel: "subscriptionResponse", data }, aboutOf(subscription));
  }

  #post(frame: JsonObject, text: string): void {
    const { id, request } = frame;
    if (!isWhole(id) || !isObject(request) || !("payload" in request)) {
      this.#notUnderstood(text);
      return;
    }
    const { type, payload } = request;
    if (!this.#weighs(request)) {
      this.#answer(id, postError(this.#rules, 429));
      return;
    }
    if (type === "info") {
      this.#answer(id, this.#read(payload), isObject(payload) ? aboutOf(payload) : {});
      return;
    }
    if (type !== "action") {
      this.#notUnderstood(text);
      return;
    }
    if (!isObject(payload)) {
      this.#answer(id, postError(this.#rules, 422));
      return;
    }
    const { peer } = this.#door;
    if (peer.inFlightPosts >= this.#door.core.ledger.limits.postsInFlight) {
      this.#error(`too many pending post requests id=${id}`);
      return;
    }
    if (this.#underway.has(id) && this.#rules.reusedPostId === "refused") {
      this.#notUnderstood(text);
      return;
    }
    this.#submit(id, payload);
  }

  #submit(id: number, payload: JsonObject): void {
    const { peer } = this.#door;
    peer.inFlightPosts += 1;
    this.#inFlight += 1;
    this.#underway.set(id, payload);
    submitAction(this.#door, payload, (outcome) => {
      if (this.#over) return;
      peer.inFlightPosts -= 1;
      this.#inFlight -= 1;
      const isLatest = this.#underway.get(id) === payload;
      if (isLatest) this.#underway.delete(id);
      else if (this.#rules.reusedPostId === "answersLatest") return;
      if (outcome.kind === "answered") {
        this.#answer(id, { type: "action", payload: outcome.body }, outcome.about);
      }
      if (outcome.kind === "malformed") this.#answer(id, postError(this.#rules, 422));
    });
  }

  /** Whether the caller has weight for a post, where posts weigh anything (protocol §16.6). */
  #weighs({ type, payload }: JsonObject): boolean {
    if (this.#rules.postWeight === "none") return true;
    return this.#door.ip.weighs(type === "info" ? readWeight(payload) : actionWeight(payload));
  }

  #read(payload: unknown): object {
    const answer = this.#door.read("/ws", payload);
    switch (answer.kind) {
      case "value": {
        if (this.#rules.postWeight === "counted") {
          this.#door.ip.adds(rowsWeight(payload, answer.value));
        }
        const type = isObject(payload) ? payload["type"] : undefined;
        return { type: "info", payload: { type, data: answer.value } };
      }
      case "malformed":
        return postError(this.#rules, 422);
      case "fault":
        return postError(this.#rules, 500);
    }
  }

  #answer(id: number, response: object, about: About = {}): void {
    this.#say({ channel: "post", data: { id, response } }, about);
  }

  #notUnderstood(text: string): void {
    this.#error(`Error parsing JSON into valid websocket request: ${text}`);
  }

  #error(text: string): void {
    this.#say({ channel: "error", data: text });
  }

  #say(message: unknown, about: About = {}): void {
    this.#write(JSON.stringify(message), about);
  }

  #write(text: string, about: About): void {
    if (this.#over) return;
    this.#saidAtMs = this.#nowMs();
    this.#port.send(text, about);
  }

  #drop(): void {
    this.over();
    this.#port.drop();
  }

  /** Closes when the exchange itself has said nothing for a minute (protocol §2.4). */
  #watchSilence(inMs: number): void {
    this.#stopSilence = this.#door.core.settings.clock.after(inMs, () => {
      const quietMs = this.#nowMs() - this.#saidAtMs;
      if (quietMs >= SILENCE_MS) this.#drop();
      else this.#watchSilence(SILENCE_MS - quietMs);
    });
  }

  #nowMs(): number {
    return this.#door.core.settings.clock.monotonicMs();
  }
}
