import { expect, it } from "vitest";
import { type Claim, labelReasons, pageReasons } from "./label-reasons.js";
import { assess } from "./reason.js";
import { adviceOf, readMessages } from "./words.js";

const TODAY = "2026-06-01";
const claim = (rest: Partial<Claim>): Claim => ({
	category: "other",
	entity: "Fake_Phishing13",
	name: "Fake_Phishing13",
	source: "GraphSense TagPacks (public)",
	confidence: 20,
	retrievedAt: "2026-05-12",
	...rest,
});
const codes = (...claims: readonly Claim[]) => labelReasons(claims, false, TODAY).map(({ code }) => code);
const told = async (...claims: readonly Claim[]) => {
	const judged = assess("x", labelReasons(claims, false, TODAY), []);
	return { verdict: judged.verdict, ...adviceOf(judged, await readMessages()) };
};

it("warns of a name that accuses, as what that list of that date says, and no more than to take care", async () => {
	const { verdict, reasons } = await told(claim({}));
	expect(verdict).toBe("caution");
	expect(reasons).toEqual([
		'GraphSense TagPacks (public) of 2026-05-12 names this address "Fake_Phishing13" (other, confidence 20 of 100). That is what the list says, and proves nothing of whoever holds it.',
	]);
	expect(codes(claim({ entity: "E", name: "Upbit Hacker 1.1" }))).toEqual(["named-dangerous"]);
	expect((await told(claim({ confidence: 100 }), claim({ source: "T", confidence: 100 }))).verdict).toBe("caution");
	expect(codes(claim({ category: "victim", entity: "Upbit hack" }))).toEqual(["labelled"]);
	expect(codes(claim({ dropped: true, validUntil: "2026-05-20" }))).toEqual(["labelled"]);
	// What a list puts among dangerous addresses says more, and counts once.
	expect(codes(claim({}), claim({ category: "phishing" }))).toEqual(["listed-weakly", "labelled"]);
});

it("shows whatever a list says of an address, with the list, its date and its confidence, and counts what is beyond", async () => {
	const other = (n: number) => claim({ entity: "Maker", name: `Maker: Contract ${n}` });
	expect((await told(other(1))).reasons).toEqual([
		"Lists also say of it: Maker, Maker: Contract 1: other, says GraphSense TagPacks (public) of 2026-05-12, confidence 20.",
	]);
	const { reasons } = await told(
		claim({ category: "exchange", entity: "Kraken", name: "", confidence: 50 }),
		...[1, 2, 3, 4, 5, 6, 7].map(other),
	);
	expect(reasons.join()).toContain("Maker: Contract 6: other");
	expect(reasons.join()).toMatch(/; and 1 more\./);
	for (const category of ["contract", "defi", "donation", "miner", "victim", "other"] as const)
		expect((await told(claim({ category, entity: "E", name: "N", source: "S" }))).reasons.join()).toContain(`E, N: ${category}, says S of`);
});

it("says of which date each list is, and that nobody said so", async () => {
	for (const category of ["phishing", "exchange", "mixing_service", "other"] as const)
		for (const confidence of [5, 20, 50]) {
			const said = async (rest: Partial<Claim>) => (await told(claim({ category, confidence, entity: "E", name: "", ...rest }))).reasons;
			for (const one of await said({})) expect(one).toContain(" of 2026-05-12");
			for (const one of await said({ asOf: "2026-05-30" })) expect(one).toContain(" of 2026-05-30");
			for (const one of await said({ asOf: "" })) expect(one).toContain(" of no known date");
		}
	const page = pageReasons([claim({ category: "phishing", confidence: 50, listed: "a.example/x" })], TODAY);
	const all = [...page, ...labelReasons([claim({ category: "phishing", confidence: 50, listed: "a.example" })], true, TODAY)];
	for (const one of adviceOf(assess("x", all, []), await readMessages()).reasons) expect(one).toMatch(/^A list of 2026-05-12 has /);
});

it("warns of an address that a list of scams has without saying for what, with the confidence; once, and not where more is said", async () => {
	const listed = claim({ entity: "x.example", name: "x.example (https://cryptoscamdb.org/)", confidence: 5, validFrom: "2019-07-18" });
	const { verdict, reasons } = await told(listed);
	expect([verdict, reasons]).toEqual([
		"caution",
		[
			"This address is listed by cryptoscamdb.org, which collects scams; the list does not say for what: x.example (other, confidence 5 of 100; GraphSense TagPacks (public) (claim of 2019-07-18, list of 2026-05-12)).",
		],
	]);
	expect(codes(listed, claim({ category: "phishing" }))).toEqual(["listed-weakly", "labelled"]);
	expect(codes({ ...listed, category: "exchange" })).toEqual(["maybe-service"]);
	expect(codes({ ...listed, category: "victim" })).toEqual(["labelled"]);
	expect(codes({ ...listed, dropped: true, validUntil: "2026-05-20" })).toEqual(["labelled"]);
});

it("says a claim's own date before that of its list, in words and as since", async () => {
	const old = claim({ category: "scam", confidence: 50, entity: "E", name: "", validFrom: "2019-07-18" });
	expect((await told(old)).reasons).toEqual([
		"A list (claim of 2019-07-18, list of 2026-05-12) has this address among scam addresses: E (GraphSense TagPacks (public)).",
	]);
	expect(labelReasons([old], false, TODAY)[0]?.facts["since"]).toBe("2019-07-18");
	expect(labelReasons([{ ...old, validFrom: "2026-05-12" }], false, TODAY)[0]?.facts["asof"]).toBe(" of 2026-05-12");
	expect((await told({ ...old, asOf: "" })).reasons.join()).toContain("(claim of 2019-07-18, list of no known date)");
	for (const category of ["exchange", "mixing_service", "other"] as const)
		expect((await told({ ...old, category, confidence: 20 })).reasons.join()).toContain("(claim of 2019-07-18, list of 2026-05-12)");
	// What does not plainly hold has its dates in words.
	expect((await told({ ...old, validFrom: "2027-01-01" })).reasons.join()).toMatch(/A list of 2026-05-12 .*listed from 2027-01-01 on/);
});
