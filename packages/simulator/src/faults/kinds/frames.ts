import { isList, isObject, type JsonObject } from "../../json.ts";
import { kind, MS, OF_FRAME, plain } from "../fault-kind.ts";
import {
  answerInFrame,
  answerOverHttp,
  dataInFrame,
  listInFrame,
  type Rewrite,
} from "../rewrite.ts";

/** What happens to the frames of a socket. */

export const loseFrame = plain({
  to: OF_FRAME,
  paper: { parameters: "", happens: "never arrives: an update, an acknowledgement, a pong" },
  frame: () => "lose",
});

export const duplicateFrame = plain({
  to: OF_FRAME,
  paper: { parameters: "", happens: "arrives twice, one behind the other" },
  frame: () => "duplicate",
});

export const delayFrame = kind<{ readonly ms: number }>({
  to: OF_FRAME,
  paper: { parameters: "`ms`", happens: "arrives so much later, behind what came meanwhile" },
  read: (fault) => ({ ms: fault.whole("ms", MS) }),
  frame: ({ ms }) => ({ holdMs: ms }),
});

export const echoFrame = kind<{ readonly ms: number }>({
  to: OF_FRAME,
  paper: {
    parameters: "`ms`",
    happens: "arrives now and once more so much later: without `to`, the whole socket twice",
  },
  read: (fault) => ({ ms: fault.whole("ms", MS) }),
  frame: ({ ms }) => ({ echoMs: ms }),
});

export const reorderFrames = plain({
  to: OF_FRAME,
  paper: {
    parameters: "",
    happens: "goes behind the next frame of its socket, or a second later",
  },
  frame: () => "swap",
});

export const lastInBlock = plain({
  inside: true,
  to: OF_FRAME,
  paper: {
    parameters: "",
    happens: "goes behind everything else of its block on its socket, the answers included",
  },
  frame: () => "last",
});

export const answersFirst = plain({
  inside: true,
  to: OF_FRAME,
  paper: {
    parameters: "",
    happens:
      "the answers of a block go before its channel messages (`lastInBlock` of `post`: behind)",
  },
  frame: (_wrong, { channel }) => (channel === "post" ? undefined : "last"),
});

export const reorderArray = plain({
  to: OF_FRAME,
  paper: { parameters: "", happens: "a frame's list comes backwards" },
  frame: (_wrong, seen) =>
    listInFrame(seen, (list) => (list.length < 2 ? undefined : [list.toReversed()])),
});

export const splitArray = plain({
  to: OF_FRAME,
  paper: { parameters: "", happens: "each element of a frame's list comes in a frame of its own" },
  frame: (_wrong, seen) =>
    listInFrame(seen, (list) => (list.length < 2 ? undefined : list.map((one) => [one]))),
});

export const replaceFrame = kind<{ readonly text: string }>({
  to: OF_FRAME,
  paper: { parameters: "`text`", happens: "this text comes instead, whatever it is" },
  read: (fault) => ({ text: fault.text("text") }),
  frame: ({ text }) => ({ texts: [text] }),
});

export const renameStatus = kind<{ readonly from: string; readonly status: string }>({
  to: ["account", "channel", "type", "path", "contains"],
  paper: {
    parameters: "`from`, `status`",
    happens: "orders whose status is `from` say another word, in channels and reads",
  },
  read: (fault) => ({ from: fault.name("from"), status: fault.name("status") }),
  frame: (wrong, seen) =>
    answerInFrame(seen, { read: renamed(wrong) }) ??
    dataInFrame(seen, (data) => {
      const changed = seen.channel === "post" ? undefined : renamed(wrong)(data);
      return changed === undefined ? undefined : [changed];
    }),
  answer: (wrong, seen) => answerOverHttp(seen, { read: renamed(wrong) }),
});

/** Renames the status of every record in it: of what has a status with an hour. */
function renamed(words: { readonly from: string; readonly status: string }): Rewrite {
  let found = false;
  const rename = (value: unknown): unknown => {
    if (isList(value)) return value.map(rename);
    if (!isObject(value)) return value;
    const parts = Object.entries(value).map(([key, part]) => [key, rename(part)] as const);
    const copy = Object.fromEntries(parts);
    if (!("statusTimestamp" in value) || value["status"] !== words.from) return copy;
    found = true;
    return { ...copy, status: words.status };
  };
  return (value) => {
    const copy = rename(value);
    return found ? copy : undefined;
  };
}

const isSnapshot = (data: unknown): boolean => isObject(data) && data["isSnapshot"] === true;

export const truncateSnapshot = kind<{ readonly keep: number }>({
  to: OF_FRAME,
  paper: { parameters: "`keep`", happens: "a snapshot of fills has only its newest ones" },
  read: (fault) => ({ keep: fault.whole("keep", { min: 0, max: 1_000_000 }) }),
  frame: ({ keep }, seen) =>
    listInFrame(seen, (list, data) =>
      isSnapshot(data) && list.length > keep ? [list.slice(list.length - keep)] : undefined,
    ),
});

export const duplicateSnapshot = plain({
  to: OF_FRAME,
  paper: { parameters: "", happens: "a snapshot of fills has each of them twice" },
  frame: (_wrong, seen) =>
    listInFrame(seen, (list, data) =>
      isSnapshot(data) && list.length > 0 ? [list.flatMap((one) => [one, one])] : undefined,
    ),
});

export const overlapSnapshot = kind<{ readonly count: number }>({
  to: OF_FRAME,
  paper: {
    parameters: "`count`",
    happens: "the newest fills of a snapshot come right behind it once more, as news",
  },
  read: (fault) => ({ count: fault.whole("count", { min: 1, max: 2_000 }) }),
  frame: ({ count }, seen) => {
    const again = listInFrame(seen, (list, data) =>
      isSnapshot(data) && list.length > 0 ? [list.slice(-count)] : undefined,
    );
    if (typeof again !== "object" || !("texts" in again)) return undefined;
    const news = again.texts.map((text) => text.replace('"isSnapshot":true,', ""));
    return { texts: [seen.text, ...news] };
  },
});

type Restated = {
  readonly px?: string;
  readonly sz?: string;
  readonly fee?: string;
  readonly tid?: number;
};

export const restateFills = kind<Restated>({
  to: OF_FRAME,
  paper: {
    parameters: "`px`, `sz`, `fee`, `tid`: at least one",
    happens:
      "fills come once more right behind themselves, with another price, size, fee or trade id",
  },
  read(fault) {
    const change: Restated = {
      ...(fault.has("px") ? { px: fault.decimal("px") } : {}),
      ...(fault.has("sz") ? { sz: fault.decimal("sz") } : {}),
      ...(fault.has("fee") ? { fee: fault.decimal("fee") } : {}),
      ...(fault.has("tid") ? { tid: fault.whole("tid", { min: 0, max: 2 ** 50 - 1 }) } : {}),
    };
    if (Object.keys(change).length > 0) return change;
    throw fault.refuse("px", "must be given, or sz, or fee, or tid");
  },
  frame: (wrong, seen) =>
    listInFrame(seen, (list) => {
      const fills = list.filter(isObject).filter((one) => "tid" in one);
      if (fills.length === 0) return undefined;
      return [list, fills.map((fill) => restated(fill, wrong))];
    }),
});

function restated(fill: JsonObject, { px, sz, fee, tid }: Restated): JsonObject {
  return {
    ...fill,
    ...(px === undefined ? {} : { px }),
    ...(sz === undefined ? {} : { sz }),
    ...(fee === undefined ? {} : { fee }),
    ...(tid === undefined ? {} : { tid }),
  };
}
