import { expect, it } from "vitest";
import { isOld, LIST_DAYS } from "./list-age.js";

it("a list answers for so many days, that of a later day, too", () => {
	expect(isOld("2023-10-15", "2023-11-14", LIST_DAYS)).toBe(false);
	expect(isOld("2023-10-14", "2023-11-14", LIST_DAYS)).toBe(true);
	expect([isOld("2024-09-27", "2023-11-14", LIST_DAYS), isOld("2018-01-01", "2023-11-14", 10_000)]).toEqual([false, false]);
});
