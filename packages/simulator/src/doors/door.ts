import type { JsonObject } from "../json.ts";
import type { ActionFate, Who } from "../faults/action-fate.ts";
import type { LiveCore } from "../core.ts";
import type { InfoAnswer } from "../info/answer.ts";
import type { About } from "../faults/about.ts";
import type { IpUse } from "../limits/ip-use.ts";
import type { Recover } from "../auth/recover.ts";
import type { ActionAnswer } from "../actions/answers.ts";
import { readEnvelope } from "../actions/envelope.ts";
import { refused } from "../actions/answers.ts";

/** One caller as the exchange tells callers apart: by network address. */
export type Peer = { inFlightPosts: number };

/** A way into the exchange: how signers are found, who calls, and what happens to actions underway. */
export type Door = {
  readonly core: LiveCore;
  readonly recover: Recover;
  readonly peer: Peer;
  readonly ip: IpUse;
  readonly fateOf: (action: { type: string; nonce: number }, who: Who) => ActionFate;
  readonly read: (path: "/info" | "/ws", request: unknown) => InfoAnswer;
};

/** What an action gives: the body of a 200, or a request that is no shape of the venue (422). */
export type Outcome =
  | { readonly kind: "answered"; readonly body: ActionAnswer; readonly about: About }
  | { readonly kind: "malformed" }
  /** A fault took it on its way in: there is nothing to answer. */
  | { readonly kind: "lost" };

/** Reads, admits and submits a signed action; `done` is called once, or never when the exchange closes before. */
export function submitAction(
  door: Door,
  payload: JsonObject,
  done: (outcome: Outcome) => void,
): void {
  const envelope = readEnvelope(payload);
  if (envelope === undefined) {
    done({ kind: "malformed" });
    return;
  }
  if ("notSimulated" in envelope) {
    done({
      kind: "answered",
      about: { type: envelope.notSimulated },
      body: refused(`Action ${envelope.notSimulated} is not simulated.`),
    });
    return;
  }
  const { nonce, action } = envelope;
  const { type } = action;
  let about: About = { type };
  door.core.submit(envelope, {
    recover: door.recover,
    fateOf: (who) => {
      if (who.account !== undefined) about = { type, account: who.account };
      const fate = door.fateOf({ type, nonce }, who);
      if (fate === "lose") done({ kind: "lost" });
      return fate;
    },
    reply: (body) => done({ kind: "answered", body, about }),
  });
}
