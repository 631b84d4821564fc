import { type Address, readAddress } from "@cloister/model";
import { type About, aboutOf } from "../faults/about.ts";
import { isObject, isWhole, type JsonObject, parseWhole } from "../json.ts";

/** A signed action as a stranger sees it: whose it is, is not known. */
export type SeenAction = { readonly type: string; readonly nonce: number };

/** Posts and subscriptions that are remembered of one socket; the oldest ones go first. */
const REMEMBERED_MAX = 10_000;

/** What the frames of one socket are about, from both sides of it. Whatever they hold, it never throws. */
export class Conversation {
  readonly #posts = new Map<number, About>();
  /** Of each type of subscription, who was asked for. */
  readonly #subscribed = new Map<string, Set<Address | undefined>>();

  /** Notes what a client asks; the action, if it posts one. */
  asks(text: string): SeenAction | undefined {
    const frame = parseWhole(text)?.value;
    if (!isObject(frame)) return undefined;
    const { method, subscription } = frame;
    if (method === "post") return this.#post(frame);
    if (isObject(subscription)) this.#subscribe(method, aboutOf(subscription));
    return undefined;
  }

  /** What a frame for the client is about. */
  about(text: string): About & { readonly channel: string } {
    const frame = parseWhole(text)?.value;
    if (!isObject(frame) || typeof frame["channel"] !== "string") return { channel: "" };
    const { channel, data } = frame;
    return { channel, ...this.#aboutData(channel, isObject(data) ? data : {}) };
  }

  #aboutData(channel: string, data: JsonObject): About {
    if (channel === "post") return this.#answered(data["id"]);
    if (channel === "subscriptionResponse") {
      return isObject(data["subscription"]) ? aboutOf(data["subscription"]) : {};
    }
    const type = channel === "user" ? "userEvents" : channel;
    const users = this.#subscribed.get(type);
    if (users === undefined) return {};
    // Some lists do not name their account: it is clear only where one was asked for.
    const [only] = users.size === 1 ? users : [];
    const account = readAddress(data["user"]) ?? only;
    return { type, ...(account === undefined ? {} : { account }) };
  }

  #answered(id: unknown): About {
    if (!isWhole(id)) return {};
    const about = this.#posts.get(id);
    this.#posts.delete(id);
    return about ?? {};
  }

  #post({ id, request }: JsonObject): SeenAction | undefined {
    if (!isObject(request) || !isObject(request["payload"])) return undefined;
    const { type, payload } = request;
    if (isWhole(id)) {
      this.#posts.set(id, aboutOf(payload));
      const [oldest] = this.#posts.keys();
      if (this.#posts.size > REMEMBERED_MAX && oldest !== undefined) this.#posts.delete(oldest);
    }
    return type === "action" ? actionOf(payload) : undefined;
  }

  #subscribe(method: unknown, { type, account }: About): void {
    if (type === undefined) return;
    const users = this.#subscribed.get(type) ?? new Set();
    if (method === "subscribe" && users.size < REMEMBERED_MAX) users.add(account);
    if (method === "unsubscribe") users.delete(account);
    if (users.size === 0) this.#subscribed.delete(type);
    else if (this.#subscribed.size < REMEMBERED_MAX) this.#subscribed.set(type, users);
  }
}

/** The action in an envelope, if it holds one. */
export function actionOf(envelope: unknown): SeenAction | undefined {
  if (!isObject(envelope)) return undefined;
  const { action, nonce } = envelope;
  if (!isObject(action) || typeof action["type"] !== "string") return undefined;
  return { type: action["type"], nonce: isWhole(nonce) ? nonce : 0 };
}
