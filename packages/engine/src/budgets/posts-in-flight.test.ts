import { ManualClock } from "@cloister/model";
import { expect, it } from "vitest";
import { PostsInFlight } from "./posts-in-flight.ts";

it("situation 119: counts posts until they are answered, given up, or their socket is gone", () => {
  const clock = new ManualClock();
  const posts = new PostsInFlight(clock, 3);
  for (const copy of [1, 2, 3]) posts.wrote(copy);
  expect(posts).toMatchObject({ used: 3, left: 0 });
  posts.ended(2);
  posts.ended(2);
  expect(posts.left).toBe(1);
  clock.advanceBy(60_000);
  posts.wrote(4);
  expect(posts.used).toBe(1);
  posts.lost();
  expect(posts.left).toBe(3);
});

it("situation 23: is full for a while when the venue counts more", () => {
  const clock = new ManualClock();
  const posts = new PostsInFlight(clock, 3);
  posts.fill(1_000);
  expect(posts.left).toBe(0);
  clock.advanceBy(1_000);
  expect(posts.left).toBe(3);
});
