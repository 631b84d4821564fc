import type { ServerResponse } from "node:http";
import { isList, isObject } from "../json.ts";

/** How deep a value is taken apart; what lies deeper is small. */
const DEPTH = 4;
const PART_CHARS = 65_536;

/** A value as JSON in parts of about 64 kB, so that nobody waits while all of it is printed. */
export function* jsonParts(value: unknown): Generator<string, void, void> {
  let part = "";
  for (const piece of pieces(value, DEPTH)) {
    part += piece;
    if (part.length < PART_CHARS) continue;
    yield part;
    part = "";
  }
  if (part !== "") yield part;
}

function* pieces(value: unknown, depth: number): Generator<string, void, void> {
  if (depth === 0 || (!isList(value) && !isObject(value))) {
    yield value === undefined ? "null" : JSON.stringify(value);
    return;
  }
  let comma = "";
  if (isList(value)) {
    yield "[";
    for (const one of value) {
      yield comma;
      yield* pieces(one, depth - 1);
      comma = ",";
    }
    yield "]";
    return;
  }
  yield "{";
  for (const [key, one] of Object.entries(value)) {
    if (one === undefined) continue;
    yield `${comma}${JSON.stringify(key)}:`;
    yield* pieces(one, depth - 1);
    comma = ",";
  }
  yield "}";
}

/** Answers with JSON in parts: no faster than it is read, and others have their turn in between. */
export function streamJson(
  response: ServerResponse,
  parts: Iterator<string, void, void>,
  done: () => void,
): void {
  response.writeHead(200, { "content-type": "application/json" });
  let isOver = false;
  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    done();
  };
  response.on("close", finish);
  const next = (): void => {
    if (isOver) return;
    const part = parts.next();
    if (part.done === true) {
      response.end();
    } else if (response.write(part.value)) setImmediate(next);
    else response.once("drain", next);
  };
  next();
}
