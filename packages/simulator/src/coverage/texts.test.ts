import { describe, expect, it } from "vitest";
import { OWN_TEXTS } from "./own-texts.stories.ts";
import { CHANNEL_TEXTS, ELEMENT_TEXTS, REQUEST_TEXTS, STATIC_TEXTS } from "./texts.stories.ts";

describe.each([
  ["of the error channel (protocol §2.3)", CHANNEL_TEXTS],
  ["of one element (protocol §7.2, §7.3)", ELEMENT_TEXTS],
  ["of a whole batch (protocol §7.4)", STATIC_TEXTS],
  ["of a whole request (protocol §7.5)", REQUEST_TEXTS],
  ["of its own", OWN_TEXTS],
])("texts %s", (_section, texts) => {
  it.each(Object.entries(texts))("%s", (text, proof) => {
    expect(proof.run()).toContain(text);
  });
});
