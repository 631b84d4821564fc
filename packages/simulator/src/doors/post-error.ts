import type { Rules } from "../choices/rules.ts";
import { NOT_TYPED } from "./http-front.ts";

/** What HTTP would answer, by its status: the reason, and the body (protocol §1). */
const ERRORS = {
  422: { reason: "Unprocessable Entity", body: NOT_TYPED },
  429: { reason: "Too Many Requests", body: "null" },
  500: { reason: "Internal Server Error", body: "null" },
} as const;

/** The response to a post that HTTP would not answer with 200; its wording is not established (protocol §3, §16.6). */
export function postError(
  rules: Rules,
  status: keyof typeof ERRORS,
): { readonly type: "error"; readonly payload: string } {
  const { reason, body } = ERRORS[status];
  const payload = {
    statusAndBody: `${status} ${reason}: ${body}`,
    status: `${status} ${reason}`,
    body,
  }[rules.postError];
  return { type: "error", payload };
}
