import { expect, it } from "vitest";
import { openExchange } from "../desk.fixture.ts";
import { scriptMarket } from "./script-market.ts";

const ask = (body: string, terms: { method?: string; contentType?: string } = {}) => {
  const { exchange, clock } = openExchange();
  const asked = { method: "POST", contentType: "application/json", body, ...terms };
  const answer = scriptMarket(exchange, asked);
  clock.advanceBy(80);
  return { answer, mark: exchange.mark("BTC") };
};

it("takes steps, and they are done with the next block", () => {
  const steps = [{ do: "mark", coin: "BTC", price: "65000" }];
  expect(ask(JSON.stringify({ steps }))).toEqual({
    answer: { status: 200, body: { steps: 1 } },
    mark: "65000.0",
  });
});

it("refuses a script with the path of the key, and does none of it", () => {
  const steps = [
    { do: "mark", coin: "BTC", price: "65000" },
    { do: "mark", coin: "BTC", prise: "1" },
  ];
  const { answer, mark } = ask(JSON.stringify({ steps }));
  expect(answer).toMatchObject({ status: 400, body: { path: "steps[1].prise" } });
  expect(mark).toBe("64000.0");
});

it.each([
  ["{nope", {}, 400],
  ["{}", { method: "GET" }, 405],
  ["{}", { contentType: "text/plain" }, 415],
])("answers %s %j with %i", (body, terms, status) => {
  expect(ask(body, terms).answer.status).toBe(status);
});
