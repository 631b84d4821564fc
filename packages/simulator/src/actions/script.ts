import type { Rejected } from "../ledger/order.ts";

/** How an action is answered when somebody wrote its answer beforehand. */
export type Script =
  /** Says this, and runs it before only where told so. */
  | {
      readonly kind: "answer";
      readonly says: ScriptedSaying;
      readonly executed: boolean;
      readonly spendsNonce: boolean;
    }
  /** Each order that it places ends at once with this status, and is answered with the error. */
  | { readonly kind: "reject"; readonly status: Rejected; readonly error: string };

export type ScriptedSaying =
  /** One error for each element, or one for all. */
  | { readonly error: string; readonly each: boolean }
  /** The whole request is refused. */
  | { readonly refusal: string }
  | { readonly statuses: readonly unknown[] };
