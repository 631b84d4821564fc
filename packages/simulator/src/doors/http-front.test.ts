import { describe, expect, it } from "vitest";
import { ALICE, openExchange, signedEnvelope } from "../desk.fixture.ts";
import type { Exchange } from "../exchange.ts";
import type { HttpAnswer, HttpRequest } from "./http-front.ts";
import { HTTP_ROWS } from "./http-map.stories.ts";

describe("the status map (protocol §1)", () => {
  it.each(HTTP_ROWS)("$status for $what", ({ path, contentType, body, status, says }) => {
    const answers: HttpAnswer[] = [];
    ask(openExchange().exchange, { path, contentType, body }, answers);
    expect(answers).toEqual([{ status, body: matching(says) }]);
  });

  it("429 with null above the weight of a minute, before the shape of a request is looked at", () => {
    const { exchange } = openExchange({ limits: { restWeight: 20 } });
    const answers: HttpAnswer[] = [];
    const contentType = "application/json";
    const caller = freshCaller();
    for (const body of ['{"type":"meta"}', '{"type":"meta"}', '{"type":"nope"}', "{nope"]) {
      ask(exchange, { path: "/info", contentType, body }, answers, caller);
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 429, 429, 400]);
    expect(answers[1]?.body).toBe("null");
  });
});

function freshCaller(): { inFlightPosts: number } {
  return { inFlightPosts: 0 };
}

function matching(says: string | RegExp): unknown {
  return typeof says === "string" ? says : expect.stringMatching(says);
}

it("recovers really where no lookup was asked for", () => {
  const at = openExchange();
  const answers: HttpAnswer[] = [];
  const body = JSON.stringify(
    signedEnvelope(ALICE, { type: "noop" }, { nonce: 1_700_000_000_000 }),
  );
  ask(at.exchange, { path: "/exchange", contentType: "application/json", body }, answers);
  expect(answers[0]?.body).toMatch(/does not exist|Unable to recover signer/);
});

function ask(
  exchange: Exchange,
  request: HttpRequest,
  answers: HttpAnswer[],
  by = freshCaller(),
): void {
  exchange
    .edge()
    .answerHttp(request, by, { answer: (answer) => answers.push(answer), cut: () => {} });
}
