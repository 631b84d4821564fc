import { expect, it } from "vitest";
import { remembersLast } from "./memo.ts";

it("takes a step once for the same context and event, and anew when either is another", () => {
  let taken = 0;
  const step = remembersLast((context: { n: number }, event: { by: number }) => {
    taken += 1;
    return { n: context.n + event.by };
  });
  const [context, event] = [{ n: 1 }, { by: 2 }];
  expect(step(context, event)).toBe(step(context, event));
  expect(taken).toBe(1);
  expect(step({ n: 1 }, event)).toEqual({ n: 3 });
  expect(step(context, { by: 5 })).toEqual({ n: 6 });
  expect(taken).toBe(3);
});
