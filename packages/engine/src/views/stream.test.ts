import { describe, expect, it } from "vitest";
import { Stream } from "./stream.ts";

const ignore = (): void => undefined;

describe("a stream", () => {
  it("who subscribes while a value is told hears what comes next, not that one", () => {
    const stream = new Stream<number>(ignore);
    const seen: string[] = [];
    stream.observable$.subscribe((value) => {
      if (value === 1) stream.observable$.subscribe((late) => seen.push(`late ${late}`));
      seen.push(`${value}`);
    });
    stream.emit(1);
    stream.emit(2);
    expect(seen).toEqual(["1", "2", "late 2"]);
    expect(stream.heard).toBe(2);
  });

  it("with a present value each subscriber begins with it and is told only what differs", () => {
    let now = "a";
    const stream = new Stream<string>(ignore, { value: () => now, keyOf: (value) => value });
    const [first, second]: [string[], string[]] = [[], []];
    const stop = stream.observable$.subscribe((value) => first.push(value));
    for (const value of ["a", "b", "b"]) stream.emit((now = value));
    stop.unsubscribe();
    now = "c";
    stream.observable$.subscribe((value) => second.push(value));
    stream.emit((now = "b"));
    expect(first).toEqual(["a", "b"]);
    expect(second).toEqual(["c", "b"]);
  });

  it("completed, it completes who listens and who comes later, after the present value", () => {
    const stream = new Stream<number>(ignore, { value: () => 5, keyOf: String });
    const seen: unknown[] = [];
    const listen = (): unknown =>
      stream.observable$.subscribe({
        next: (value) => seen.push(value),
        complete: () => seen.push("end"),
      });
    listen();
    stream.complete();
    listen();
    expect(seen).toEqual([5, "end", 5, "end"]);
    expect(stream.heard).toBe(0);
  });
});
