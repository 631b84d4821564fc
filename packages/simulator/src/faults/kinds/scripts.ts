import { kind, OF_ACTION } from "../fault-kind.ts";
import type { WrittenObject } from "../../written-object.ts";
import type { ScriptedSaying } from "../../actions/script.ts";
import { REJECTED, type Rejected } from "../../ledger/order.ts";

/** Answers that are scripted, for what has no cause here. */

type Scripted = ScriptedSaying & {
  readonly executed: boolean;
  readonly spendsNonce: boolean;
};

export const scriptAnswer = kind<Scripted>({
  inside: true,
  to: OF_ACTION,
  paper: {
    parameters:
      "`error`, `each` (true); or `refusal`; or `statuses`; `executed` (false), `spendsNonce` (true, not for a refusal)",
    happens:
      "an action is answered so without being run, or after it: an error for each element or one for all, a whole refusal, or these statuses",
  },
  read: readScripted,
  action: (wrong) => {
    const { executed, spendsNonce } = wrong;
    return { script: { kind: "answer", says: wrong, executed, spendsNonce } };
  },
});

export const rejectOrders = kind<{ readonly status: Rejected; readonly error: string }>({
  inside: true,
  to: ["account", "signer"],
  paper: {
    parameters: "`status`, `error`",
    happens:
      "each order that is placed ends at once with this word, and is answered with the error",
  },
  read: (fault) => ({ status: fault.word("status", REJECTED), error: fault.name("error") }),
  action: ({ status, error }, { type }) =>
    type === "order" ? { script: { kind: "reject", status, error } } : undefined,
});

function readScripted(fault: WrittenObject): Scripted {
  const said = (["error", "refusal", "statuses"] as const).filter((key) => fault.has(key));
  const executed = fault.has("executed") && fault.flag("executed");
  const spendsNonce = fault.has("spendsNonce")
    ? fault.flag("spendsNonce")
    : executed || !said.includes("refusal");
  if (said.length !== 1) {
    throw fault.refuse("error", "must be given, or refusal, or statuses, and one alone");
  }
  if (executed && !spendsNonce) {
    throw fault.refuse("spendsNonce", "must be true when it is executed");
  }
  const terms = { executed, spendsNonce };
  if (said[0] === "refusal") return { refusal: fault.name("refusal"), ...terms };
  if (said[0] === "statuses") return { statuses: fault.list("statuses"), ...terms };
  const each = !fault.has("each") || fault.flag("each");
  return { error: fault.name("error"), each, ...terms };
}
