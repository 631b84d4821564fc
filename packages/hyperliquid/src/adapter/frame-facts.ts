import type { Address, Answer, VenueFact } from "@cloister/model";
import type { FactsFrame, ErrorFrame, Frame, PostFrame } from "../codec/frame.ts";
import { decodeAnswer } from "../codec/exchange-answer.ts";
import type { Posts } from "../transport/posts.ts";

export type FrameScope = { readonly account: Address; readonly posts: Posts };

/** What a frame of the account's socket is to the engine: at least one fact, whatever it was. */
export function factsOfFrame(frame: Frame, text: string, scope: FrameScope): readonly VenueFact[] {
  switch (frame.kind) {
    case "facts":
      return accountFacts(frame, text, scope.account);
    case "post":
      return [postFact(frame, scope.posts)];
    case "error":
      return [errorFact(frame, scope.posts)];
    case "subscribed":
    case "unsubscribed":
      return [ignored("subscriptionResponse", `the venue says ${frame.kind}`)];
    case "pong":
      return [ignored("pong", "the connection lives")];
    case "greeting":
      return [ignored("greeting", "the venue greets")];
    case "market":
      return [ignored(frame.channel, "prices belong to another socket")];
    case "unrecognized":
      return [{ type: "unrecognized", channel: frame.channel, reason: frame.reason, text }];
  }
}

/** Another account's news must never reach this account's orders. */
function accountFacts(frame: FactsFrame, text: string, account: Address): readonly VenueFact[] {
  const { channel, user, facts } = frame;
  if (user !== undefined && user !== account) {
    return [{ type: "unrecognized", channel, reason: `of another account: ${user}`, text }];
  }
  return facts.length > 0 ? facts : [ignored(channel, "there is nothing in it")];
}

function postFact(frame: PostFrame, posts: Posts): VenueFact {
  const copy = posts.take(frame.id);
  if (copy === undefined) return ignored("post", `no write waits for the answer ${frame.id}`);
  return { type: "copy.answered", copy, mouth: "socket", answer: answerOf(frame) };
}

/** An info answer under the id of a write is no verdict, whatever it says. */
function answerOf(frame: PostFrame): Answer {
  switch (frame.type) {
    case "action":
      return decodeAnswer({ body: frame.body });
    case "error":
      return decodeAnswer({ text: frame.body });
    case "info":
      return { admission: "unknown", text: `an info answer: ${frame.infoType.slice(0, 80)}` };
  }
}

/** Of the errors only the refusal of a post tells of an order; the rest is the connection's matter. */
function errorFact(frame: ErrorFrame, posts: Posts): VenueFact {
  const copy = frame.postId === undefined ? undefined : posts.take(frame.postId);
  if (copy === undefined) return ignored("error", frame.text);
  const reason = frame.text.startsWith("too many") ? "tooManyPosts" : "malformed";
  const answer = { admission: "notAdmitted", reason, text: frame.text } as const;
  return { type: "copy.answered", copy, mouth: "socket", answer };
}

function ignored(what: string, reason: string): VenueFact {
  return { type: "ignored", what, reason };
}
