import type { Wire, WireAnswer } from "@cloister/model";
import { parseJson } from "../codec/json.ts";
import { decodeInfo } from "../codec/decode-info.ts";
import type { InfoType, InfoValues } from "../codec/info.ts";

/** A request to `/info` in the venue's words (protocol §8). */
export type InfoRequest<T extends InfoType = InfoType> = {
  readonly type: T;
  readonly [field: string]: string | number | boolean;
};

export type InfoAnswer<T> =
  | { readonly kind: "ok"; readonly value: T; readonly raw: string }
  | InfoFailure;

export type InfoFailure = {
  readonly kind: "failed";
  readonly reason: string;
  /** The body, when one came. */
  readonly raw?: string;
  /** A body came with status 200, and it is not what was asked for. */
  readonly unrecognized: boolean;
  /** The venue understood nothing of the request: asking again helps nobody. */
  readonly hopeless: boolean;
  /** It was asked too often (protocol §12.1). */
  readonly throttled?: true;
};

/** Asks once and calls back once, with a value in our words or with why there is none. */
export type AskInfo = <T extends InfoType>(
  request: InfoRequest<T>,
  done: (answer: InfoAnswer<InfoValues[T]>) => void,
) => void;

export function infoAsker(wire: Wire, timeoutMs: number): AskInfo {
  return (request, done) => {
    wire.request({ path: "/info", body: JSON.stringify(request), timeoutMs }, (answer) =>
      done(understood(request.type, answer)),
    );
  };
}

function understood<T extends InfoType>(type: T, answer: WireAnswer): InfoAnswer<InfoValues[T]> {
  if (answer.kind === "failed") {
    return { kind: "failed", reason: answer.reason, unrecognized: false, hopeless: false };
  }
  const { status, body: raw } = answer;
  if (status !== 200) {
    const reason = `HTTP ${status}`;
    const hopeless = HOPELESS.has(status);
    const throttled = status === 429 ? ({ throttled: true } as const) : {};
    return { kind: "failed", reason, raw, unrecognized: false, hopeless, ...throttled };
  }
  const decoded = decodeInfo(type, parseJson(raw));
  if (decoded.kind === "ok") return { kind: "ok", value: decoded.value, raw };
  return { kind: "failed", reason: decoded.reason, raw, unrecognized: true, hopeless: false };
}

/** The request itself is wrong, or the place is (protocol §1). All else may pass. */
const HOPELESS: ReadonlySet<number> = new Set([400, 404, 405, 415, 422]);
