import type {
  CancelScope,
  EngineControl,
  EngineStatus,
  EngineView,
  ExposureView,
  OrderState,
  PositionView,
} from "@cloister/model";
import { parsedJson } from "../format/json.ts";

/** What an operator may ask of a running engine: one line of JSON each. */
export type BrakeRequest =
  | { readonly do: "status" }
  | { readonly do: "halt"; readonly reason: string; readonly cancel?: boolean }
  | { readonly do: "resume" }
  | {
      readonly do: "cancelAll";
      readonly scope?: CancelScope;
      readonly coin?: string;
      readonly keepReduceOnly?: boolean;
      readonly withinMs?: number;
    };

/** What came of it. `silent`: nobody answered, and whether it was done is not known. */
export type BrakeAnswer =
  | { readonly kind: "done"; readonly result: unknown }
  | { readonly kind: "refused"; readonly code: string; readonly message: string }
  | { readonly kind: "silent"; readonly reason: string };

/** What the brake is attached to: an engine, or as much of one as an operator needs. */
export type BrakeControl = EngineControl & {
  readonly status: EngineStatus;
} & Partial<Pick<EngineView, "snapshot">>;

/** What `status`, `halt` and `resume` answer; how things stand, where the engine tells it. */
export type BrakeStatus = EngineStatus & {
  readonly standing?: {
    readonly sequence: number;
    /** How many orders are in each state. */
    readonly orders: Readonly<Partial<Record<OrderState, number>>>;
    readonly positions: readonly PositionView[];
    readonly exposure: readonly ExposureView[];
  };
};

/** A line is shorter than this, bytes. */
export const LINE_MAX = 64 * 1024;

type Kind = "text" | "flag" | "number" | "scope";

const FIELDS: Readonly<Record<BrakeRequest["do"], Readonly<Record<string, Kind>>>> = {
  status: {},
  halt: { reason: "text", cancel: "flag" },
  resume: {},
  cancelAll: { scope: "scope", coin: "text", keepReduceOnly: "flag", withinMs: "number" },
};

/** A line of the socket; a text that says why it is none. */
export function readRequest(line: string): BrakeRequest | string {
  const value = parsedJson(line);
  if (typeof value !== "object" || value === null) return "a request is one line of JSON";
  const { do: word, ...fields } = value as Record<string, unknown>;
  const known = typeof word === "string" && Object.hasOwn(FIELDS, word);
  if (!known) return `do must be one of ${Object.keys(FIELDS).join(", ")}`;
  const kinds = FIELDS[word as BrakeRequest["do"]];
  for (const [name, given] of Object.entries(fields)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) return `${word} takes no ${name}`;
    if (!isOf(kind, given)) return `${name} is no ${kind}`;
  }
  if (word === "halt" && fields["reason"] === undefined) return "halt needs a reason";
  return value as BrakeRequest;
}

function isOf(kind: Kind, value: unknown): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string";
    case "flag":
      return typeof value === "boolean";
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "scope":
      return value === "ours" || value === "account";
  }
}

/** An answer as it came over the socket. */
export function readAnswer(line: string): BrakeAnswer {
  const value = parsedJson(line);
  if (typeof value === "object" && value !== null && "kind" in value) {
    if (value.kind === "done" || value.kind === "refused") return value as BrakeAnswer;
  }
  return { kind: "silent", reason: "the answer is not one" };
}
