import type { CopyId, SignedAction, VenueFact, Wire } from "@cloister/model";
import { decodeAnswer } from "../codec/exchange-answer.ts";
import type { Connection } from "../transport/connection.ts";
import { type Posts, postFrame } from "../transport/posts.ts";

/** Takes the facts of one answer, with its text when it came as text. */
export type Tell = (facts: readonly VenueFact[], raw?: string) => void;

/** One write of bytes that are signed. */
export type Copy = { readonly copy: CopyId; readonly signed: SignedAction };

/**
 * Writes as a post (protocol §3). Only a failure to write is told here: the answer comes as a frame,
 * and a post whose socket is lost stays unanswered, which the engine sees by `connection.lost`.
 */
export function writeBySocket(
  { copy, signed }: Copy,
  way: { readonly connection: Connection; readonly posts: Posts },
  tell: Tell,
): void {
  const id = way.posts.open(copy);
  if (way.connection.send(postFrame(id, signed.payload)) === "written") return;
  way.posts.take(id);
  const reason = "the socket is not live";
  tell([{ type: "copy.failed", copy, mouth: "socket", written: "never", reason }]);
}

/** Writes the same bytes by `POST /exchange` (protocol §1). */
export function writeByRest(
  { copy, signed }: Copy,
  way: { readonly wire: Wire; readonly timeoutMs: number },
  tell: Tell,
): void {
  const { wire, timeoutMs } = way;
  wire.request({ path: "/exchange", body: signed.payload, timeoutMs }, (told) => {
    if (told.kind === "failed") {
      const { written, reason } = told;
      tell([{ type: "copy.failed", copy, mouth: "rest", written, reason }]);
      return;
    }
    const answer = decodeAnswer({ status: told.status, text: told.body });
    tell([{ type: "copy.answered", copy, mouth: "rest", answer }], told.body);
  });
}
