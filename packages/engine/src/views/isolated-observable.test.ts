import { filter, map, merge, type Subscriber, take, tap } from "rxjs";
import { describe, expect, it } from "vitest";
import { IsolatedObservable } from "./isolated-observable.ts";

function start() {
  const errors: string[] = [];
  const open = new Set<Subscriber<number>>();
  const source = new IsolatedObservable<number>(
    (subscriber) => {
      open.add(subscriber);
      return () => open.delete(subscriber);
    },
    (error) => errors.push(String(error)),
  );
  const emit = (value: number): void => {
    for (const subscriber of [...open]) subscriber.next(value);
  };
  return { source, errors, open, emit };
}

const fail = (): never => {
  throw new Error("mine");
};

describe("an isolated stream", () => {
  it("what a subscriber throws is told, and the others and the next value come", () => {
    const { source, errors, emit } = start();
    const seen: number[] = [];
    source.subscribe(fail);
    source.subscribe({ next: fail, error: fail, complete: fail });
    source.subscribe((value) => seen.push(value));
    emit(1);
    emit(2);
    expect(seen).toEqual([1, 2]);
    expect(errors).toEqual(Array(4).fill("Error: mine"));
  });

  it("isolates behind operators", () => {
    const { source, errors, emit } = start();
    source
      .pipe(
        map((value) => value + 1),
        filter(() => true),
      )
      .subscribe(fail);
    emit(1);
    emit(2);
    expect(errors).toEqual(["Error: mine", "Error: mine"]);
  });

  it("an operator that throws ends its own branch, by an error that its subscriber or nobody hears", () => {
    const { source, errors, open, emit } = start();
    const heard: unknown[] = [];
    source.pipe(map(fail)).subscribe();
    source.pipe(map(fail)).subscribe({ error: (error) => heard.push(String(error)) });
    source.pipe(map(fail)).subscribe({ error: fail });
    emit(1);
    expect(errors).toEqual(["Error: mine", "Error: mine"]);
    expect(heard).toEqual(["Error: mine"]);
    expect(open.size).toBe(0);
  });

  it("ends its source's subscription when it is ended, through operators and combinations too", () => {
    const { source, open, emit } = start();
    source.subscribe().unsubscribe();
    source
      .pipe(
        map((value) => value),
        tap(),
      )
      .subscribe()
      .unsubscribe();
    merge(source, source.pipe(map((value) => value)))
      .subscribe()
      .unsubscribe();
    expect(open.size).toBe(0);
    const seen: number[] = [];
    source.pipe(take(1)).subscribe((value) => seen.push(value));
    emit(1);
    emit(2);
    expect(seen).toEqual([1]);
    expect(open.size).toBe(0);
  });
});
