import { expect, it } from "vitest";
import { disagree } from "./label-disagreement.js";

it("takes two owners of two times for no contradiction, nor a service that was one before it was a thief's", () => {
	const owner = (entity: string, validFrom: string, validUntil: string, category: "exchange" | "phishing" = "exchange") =>
		({ category, entity, validFrom, validUntil }) as const;
	const first = owner("A", "", "2020-01-01");
	expect(disagree([first, owner("B", "2020-01-01", "")])).toBe(false);
	expect(disagree([first, owner("B", "2019-12-31", "")])).toBe(true);
	expect(disagree([first, owner("B", "", "")])).toBe(true);
	expect(disagree([first, owner("T", "2020-01-01", "", "phishing")])).toBe(false);
	expect(disagree([owner("T", "2019-01-01", "", "phishing"), first])).toBe(true);
	expect(disagree([first, owner("B", "no date", "")])).toBe(true);
});
