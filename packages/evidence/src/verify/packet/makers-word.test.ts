import { expect, it } from "vitest";
import { ETHEREUM } from "../blocks.test-util.js";
import type { Request } from "./formats.js";
import { statedBy } from "./makers-word.js";

const bare = {
	...{ chain: ETHEREUM, details: { requester: "", legalBasis: "" }, fields: { agency: "", until: "" }, to: { entity: "Exchange" } },
	...{ points: [{ labels: [], disputed: [] }], leads: [], balances: [], differences: [], assets: {} },
} as unknown as Request;
const ALWAYS = ["the wording of its letter", "why money was not followed on from its end points"];

it("a request says what of it is its maker's word: who asks, what was filled in, where to, what a node is said to tell", () => {
	expect(statedBy([bare])).toEqual(ALWAYS);
	const told = {
		...bare,
		...{ details: { requester: "FBI", legalBasis: "18 U.S.C. 981" }, fields: { agency: "FBI", until: "2027-01-31" } },
		...{ to: { entity: "Exchange", address: "Seoul", channel: "legal@fake.example" }, differences: [{}, {}] },
		...{ points: [{ labels: [{}] }], balances: [{ known: "node" }] },
	} as unknown as Request;
	expect(statedBy([bare, told])).toEqual([
		"who asks and on what basis (requester, legalBasis)",
		"what a person filled in (agency, until)",
		"where who is asked can be reached (address, channel)",
		...ALWAYS,
		"labels of end points",
		"balances that a node told",
		"what a node told other than the trace (2)",
		"that no label contradicts the names of who is asked, which earlier forms do not say",
	]);
});
