import { expect, it } from "vitest";
import { assess, CAUTION_POINTS, DANGER_POINTS, type Reason, reason, worstOf } from "./reason.js";

const weighing = (points: number, tier: Reason["tier"] = "structural"): Reason => ({ ...reason("tainted", tier, {}), points });
const verdictOf = (...points: readonly number[]) =>
	assess(
		"x",
		points.map((some) => weighing(some)),
		[],
	).verdict;

it("warns from exactly the line on, and one point below it does not", () => {
	expect([DANGER_POINTS, CAUTION_POINTS]).toEqual([70, 30]);
	expect([verdictOf(70), verdictOf(69), verdictOf(30), verdictOf(29)]).toEqual(["danger", "caution", "caution", "clear"]);
	expect([verdictOf(60, 10), verdictOf(60, 10, -1)]).toEqual(["danger", "caution"]);
});

it("leads alone stay one point below the line, and add to what is more than a lead", () => {
	const leads = [weighing(60, "lead"), weighing(10, "lead")];
	expect(assess("x", leads, [])).toMatchObject({ score: 69, verdict: "caution" });
	expect(assess("x", [...leads, weighing(1)], [])).toMatchObject({ score: 70, verdict: "danger" });
	expect(assess("x", [weighing(20, "lead"), weighing(9)], [])).toMatchObject({ score: 29, verdict: "clear" });
});

it("stays between 0 and 100", () => {
	expect(assess("x", [weighing(-10)], []).score).toBe(0);
	expect(assess("x", [weighing(100), weighing(95)], []).score).toBe(100);
	expect(assess("x", [weighing(99)], []).score).toBe(99);
});

it("an open question takes away the all-clear and no warning", () => {
	const verdict = (points: number) => assess("x", [weighing(points)], ["use"]).verdict;
	expect([verdict(0), verdict(29), verdict(30), verdict(70)]).toEqual(["not-checked", "not-checked", "caution", "danger"]);
	expect(assess("x", [], []).verdict).toBe("clear");
});

it("tells the heaviest reason first, and equal ones by their codes", () => {
	const given = [reason("paid-before", "structural", {}), reason("maybe-tainted", "structural", {}), reason("listed", "attribution", {})];
	const equal = [...given, reason("what-if-tainted", "structural", {}), reason("pages-listed", "attribution", {})];
	expect(assess("x", equal, []).reasons.map(({ code }) => code)).toEqual([
		"listed",
		"maybe-tainted",
		"pages-listed",
		"what-if-tainted",
		"paid-before",
	]);
});

it("the worst of several subjects decides, and points of different ones are not added up", () => {
	const [a, b] = [assess("a", [weighing(40)], []), assess("b", [weighing(60)], ["use"])];
	expect(worstOf("url", [a, b])).toMatchObject({ subject: "url", score: 60, verdict: "caution", open: ["use"] });
	expect(worstOf("url", [a, b]).reasons.map(({ points }) => points)).toEqual([60, 40]);
	expect(worstOf("url", [assess("a", [], []), assess("b", [], ["pointed-at"])]).verdict).toBe("not-checked");
});
