import { ANSWERS_ASSUMED } from "./answers.assumptions.ts";
import { REQUESTS_ASSUMED } from "./requests.assumptions.ts";
import { STREAMS_ASSUMED } from "./streams.assumptions.ts";

/** All that is leant upon unproved, by the chapters of ASSUMPTIONS.md, which is made of it. */
export const ASSUMPTIONS = {
  Answers: ANSWERS_ASSUMED,
  "Streams and reads": STREAMS_ASSUMED,
  Requests: REQUESTS_ASSUMED,
} as const;

type Row = (typeof ASSUMPTIONS)[keyof typeof ASSUMPTIONS][number];

export type AssumptionId = Row["id"];

/** Those that `cloister probe` measures. */
export type ProbedId = Extract<Row, { readonly probe: "alone" | "trade" }>["id"];
