import { kind, MS, OF_ANSWER, plain } from "../fault-kind.ts";
import { isList, isObject } from "../../json.ts";
import { answerInFrame, answerOverHttp, responseInFrame, type Rewrite } from "../rewrite.ts";

const HTML = "<html><body><h1>Bad Gateway</h1></body></html>";

/** What happens to answers, over HTTP and over the socket. What was asked for was done. */

export const loseAnswer = plain({
  to: OF_ANSWER,
  paper: { parameters: "", happens: "over HTTP and over the socket; what was asked for was done" },
  frame: (_wrong, { channel }) => (channel === "post" ? "lose" : undefined),
  answer: () => "lose",
});

export const delayAnswer = kind<{ readonly ms: number }>({
  to: OF_ANSWER,
  paper: { parameters: "`ms`", happens: "comes so much later; what was asked for was done" },
  read: (fault) => ({ ms: fault.whole("ms", MS) }),
  frame: ({ ms }, { channel }) => (channel === "post" ? { holdMs: ms } : undefined),
  answer: ({ ms }) => ({ holdMs: ms }),
});

type HttpStatus = {
  readonly status: number;
  readonly body: "null" | "html";
  readonly executed: boolean;
  readonly ms?: number;
};

const foreign = ({ status, body }: HttpStatus) => ({
  instead: { status, body: body === "null" ? "null" : HTML },
});

export const httpStatus = kind<HttpStatus>({
  to: OF_ANSWER,
  paper: {
    parameters: "`status`, `body` (`null`, `html`), `executed` (false), `ms` (0)",
    happens:
      "somebody else answers over HTTP: instead of the exchange, or after it did its work; for so long, once it began",
  },
  read: (fault) => ({
    status: fault.whole("status", { min: 200, max: 599 }),
    body: fault.word("body", ["null", "html"]),
    executed: fault.has("executed") && fault.flag("executed"),
    ...(fault.has("ms") ? { ms: fault.whole("ms", MS) } : {}),
  }),
  lastsMs: ({ ms = 0 }) => ms,
  check(to, whom, { executed }) {
    if (whom.path === "/ws") {
      throw to.refuse("path", "must be /info or /exchange for httpStatus");
    }
    if (executed) return;
    for (const key of ["account", "contains"] as const) {
      if (whom[key] === undefined) continue;
      throw to.refuse(key, "is known for httpStatus only when executed is true");
    }
  },
  request: (wrong) => (wrong.executed ? undefined : foreign(wrong)),
  answer: (wrong) => (wrong.executed ? foreign(wrong) : undefined),
});

export const postError = kind<{ readonly text: string }>({
  to: ["account", "type", "contains"],
  paper: {
    parameters: "`text`",
    happens: "a post is answered `error` with this text; what was asked for was done",
  },
  read: (fault) => ({ text: fault.name("text") }),
  frame: ({ text }, seen) => responseInFrame(seen, () => ({ type: "error", payload: text })),
});

const cutTo =
  (keep: number): Rewrite =>
  (list) =>
    isList(list) && list.length > keep ? list.slice(0, keep) : undefined;

export const truncatePage = kind<{ readonly keep: number }>({
  to: ["account", "type", "path", "contains"],
  paper: { parameters: "`keep`", happens: "a list that was read keeps only its first elements" },
  read: (fault) => ({ keep: fault.whole("keep", { min: 0, max: 1_000_000 }) }),
  frame: ({ keep }, seen) => answerInFrame(seen, { read: cutTo(keep) }),
  answer: ({ keep }, seen) => answerOverHttp(seen, { read: cutTo(keep) }),
});

export const scriptRead = kind<{ readonly data: unknown }>({
  to: ["account", "type", "path", "contains"],
  paper: { parameters: "`data`: anything", happens: "a read is answered with this" },
  read: (fault) => ({ data: fault.anything("data") }),
  frame: ({ data }, seen) => answerInFrame(seen, { read: () => data }),
  answer: ({ data }, seen) => answerOverHttp(seen, { read: () => data }),
});

export const resizeStatuses = kind<{ readonly count: number }>({
  to: ["account", "type", "path", "contains"],
  paper: {
    parameters: "`count`",
    happens:
      "the answer to an action that ran has so many statuses: the first ones, or the last one again",
  },
  read: (fault) => ({ count: fault.whole("count", { min: 0, max: 1_000 }) }),
  frame: ({ count }, seen) => answerInFrame(seen, { action: resized(count) }),
  answer: ({ count }, seen) => answerOverHttp(seen, { action: resized(count) }),
});

const resized =
  (count: number): Rewrite =>
  (answer) => {
    const response = isObject(answer) ? answer["response"] : undefined;
    const data = isObject(response) ? response["data"] : undefined;
    const list = isObject(data) ? data["statuses"] : undefined;
    if (!isObject(answer) || !isObject(response) || !isList(list)) return undefined;
    if (list.length === count || list.length === 0) return undefined;
    const statuses = Array.from({ length: count }, (_, at): unknown => list[at] ?? list.at(-1));
    return { ...answer, response: { ...response, data: { statuses } } };
  };
