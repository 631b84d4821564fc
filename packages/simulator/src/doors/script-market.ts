import { CloisterError } from "@cloister/model";
import { parseWhole } from "../json.ts";

export type ScriptAsked = {
  readonly method: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
};

export type ScriptAnswer = { readonly status: number; readonly body: object };

/** `POST /market` of the control port: the steps are done with the beginning of the next block. */
export function scriptMarket(
  books: { market?(script: unknown): number },
  { method, contentType, body }: ScriptAsked,
): ScriptAnswer {
  if (books.market === undefined) return refusal(404, "there are no markets");
  if (method !== "POST") return refusal(405, "POST only");
  // A page in a browser can post other types to this machine without asking.
  if (!/^application\/json\b/i.test(contentType ?? "")) {
    return refusal(415, "content-type must be application/json");
  }
  const parsed = parseWhole(body);
  if (parsed === undefined) return refusal(400, "the body is no JSON");
  try {
    return { status: 200, body: { steps: books.market(parsed.value) } };
  } catch (error) {
    if (!(error instanceof CloisterError)) throw error;
    const { message, details } = error;
    const path = details.field === undefined ? {} : { path: details.field };
    return { status: 400, body: { error: message, ...path } };
  }
}

function refusal(status: number, error: string): ScriptAnswer {
  return { status, body: { error } };
}
