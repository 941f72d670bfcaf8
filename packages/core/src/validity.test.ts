import { expect, it } from "vitest";
import { datesInWords, firstStanding, instantOf, mayName, standingAt, standingOver } from "./validity.js";

const day = (text: string) => Date.parse(`${text}Z`) / 1000;

it("reads a date as its first second in UTC, a date with a time as that, and nothing else", () => {
	expect(instantOf("2021-03-04")).toBe(day("2021-03-04T00:00:00"));
	expect(instantOf("2021-03-04T05:06:07+01:00")).toBe(day("2021-03-04T04:06:07"));
	expect(instantOf("2021-03-04 05:06")).toBe(day("2021-03-04T05:06:00"));
	for (const text of ["", "2021-02-30", "2021-13-01", "2021-03-04<b>", "2021-03-04T25:00", "04.03.2021"])
		expect(instantOf(text)).toBeUndefined();
});

it("holds from the first second of its first day until the first second of the day from which on it is said no more", () => {
	const label = { validFrom: "2020-01-02", validUntil: "2021-03-04" };
	const at = (text: string) => standingAt(label, day(text));
	expect(at("2020-01-01T23:59:59")).toBe("later");
	expect(at("2020-01-02T00:00:00")).toBe("held");
	expect(at("2021-03-03T23:59:59")).toBe("held");
	expect(at("2021-03-04T00:00:00")).toBe("ended");
	expect(standingAt({}, undefined)).toBe("held");
});

it("calls unknown what cannot be told: no time, a date that is none, dates that contradict each other", () => {
	expect(standingAt({ validUntil: "2021-03-04" }, undefined)).toBe("unknown");
	expect(standingAt({ validUntil: "soon" }, 0)).toBe("unknown");
	expect(standingAt({ validFrom: "2022-01-01", validUntil: "2021-01-01" }, day("2021-06-01T00:00:00"))).toBe("unknown");
	expect(standingAt({ validFrom: "soon", validUntil: "2021-01-01" }, day("2021-06-01T00:00:00"))).toBe("ended");
	expect(standingOver("held", "unknown")).toBe("unknown");
	expect(standingOver("later", "held")).toBe("partly");
});

it("prefers a label that held, then one that is listed since later, and never takes one that had ended", () => {
	const [ended, later, held] = [{ validUntil: "2020-01-01" }, { validFrom: "2022-01-01" }, { validFrom: "2020-06-01" }];
	const at = (label: Parameters<typeof standingAt>[0]) => standingAt(label, day("2021-01-01T00:00:00"));
	expect(firstStanding([ended, later, held], at)).toEqual({ label: held, standing: "held" });
	expect(firstStanding([ended, later], at)).toEqual({ label: later, standing: "later" });
	expect(firstStanding([ended], at)).toBeUndefined();
});

it("lets a label name somebody only where it cannot have ended before the money came", () => {
	expect(mayName({ validFrom: "2022-01-01" }, "later")).toBe(true);
	expect(mayName({ validFrom: "2022-01-01" }, "unknown")).toBe(true);
	expect(mayName({ validUntil: "2022-01-01" }, "unknown")).toBe(false);
	expect(mayName({ validUntil: "2022-01-01" }, "partly")).toBe(false);
	expect(mayName({ validUntil: "2022-01-01" }, "ended")).toBe(false);
});

it("never repeats a date that is none", () => {
	expect(datesInWords({ validFrom: "2020-01-02", validUntil: "\u001b[31mnever" })).toBe(
		"listed since 2020-01-02, until a date that cannot be read",
	);
	expect(datesInWords({})).toBe("");
});
