import { mulberry32 } from "@clew/core";
import { describe, expect, it } from "vitest";
import { checkAnswer, type Known } from "./check-answer.js";
import { type Fact, factOf, type Told } from "./facts.js";
import { outside } from "./outside.js";

const CHAIN = "eip155:1";
const [THIEF, UPBIT] = [`${CHAIN}:0x7df1bd58e8fd49803e43987787adfecb4a0a086c`, `${CHAIN}:0x5e032243d507c743b061ef021e2ec7fcc6d3ab89`];
const HASH = "0x7a9c9320fef257aee52cd3e7c7280ce10cacec50f244762d2798344addb773f9";
const ETHER = `${CHAIN}/slip44:60`;
const amount = (text: string) => ({ units: `${text.replace(".", "")}0000000000000`, amount: text, symbol: "ETH", asset: ETHER });
const address = (account: string) => account.slice(CHAIN.length + 1);

const TOLD: readonly Told[] = [
	{
		kind: "transfer",
		data: {
			...{ chain: CHAIN, position: "6671340.5.1", time: "2018-11-09T08:36:45Z", txHash: HASH, from: THIEF as string, to: UPBIT as string },
			...{ amount: amount("499.99874"), kind: "native", provenance: "imported" },
		},
	},
	{
		kind: "label",
		data: {
			...{ account: UPBIT as string, category: "exchange", entity: outside("Upbit"), name: outside("Upbit 3") },
			...{ source: outside("explorer name tags"), confidence: 50 },
		},
	},
	{
		kind: "funding",
		data: {
			...{ account: THIEF as string, funder: UPBIT as string, position: "6642167.92.1", txHash: HASH },
			...{ amount: amount("2.06717986"), knownFirst: false },
		},
	},
];
const [transfer, label, lead] = TOLD.map(factOf) as [Fact, Fact, Fact];
const known: Known = { facts: new Map([transfer, label, lead].map((fact) => [fact.id, fact])), names: new Set(["binance", "upbit"]) };
const check = (text: string) => checkAnswer(text, known);
const problemsOf = (text: string) => check(text).problems.map(({ problem, found }) => `${problem}: ${found}`);

const HONEST = `# What happened

On 2018-11-09 the account ${address(THIEF as string)} paid 499.99874 ETH to ${address(UPBIT as string)} in block 6671340 [${transfer.id}].
The receiver is labelled Upbit (Upbit 3), an exchange, by explorer name tags [${label.id}, ${transfer.id}].
A lead: its first coins, 2.06717986 ETH, may have come from ${address(UPBIT as string)}. [${lead.id}]
What else it holds was not looked at.`;

describe("an answer of an assistant", () => {
	it("is accepted where every figure and name stands in a fact it cites, and carries its references along", () => {
		const { accepted, problems, uncited, note } = check(HONEST);
		expect(problems).toEqual([]);
		expect([accepted, uncited]).toEqual([true, 2]);
		expect(note).toContain("in block 6671340 [1].");
		expect(note).toContain("What else it holds was not looked at. *(not cited)*");
		expect(note).toContain(`[3] ${lead.id}, funding, lead: {`);
	});

	it.each([
		["another amount", HONEST.replace("499.99874 ETH", "500 ETH"), "not returned: 500 ETH"],
		["a rounded amount in words", HONEST.replace("499.99874 ETH", "five hundred ETH"), "not checkable: five"],
		["a number of another thing as an amount", HONEST.replace("499.99874 ETH", "6671340 ETH"), "not returned: 6671340 ETH"],
		["the year as an amount", HONEST.replace("499.99874 ETH", "2018 ETH"), "not returned: 2018 ETH"],
		["another coin", HONEST.replace("499.99874 ETH", "499.99874 BTC"), "not returned: 499.99874 BTC"],
		["dollars", HONEST.replace("499.99874 ETH", "$499.99874"), "not returned: $499.99874"],
		["a shortened address", HONEST.replace(address(UPBIT as string), "0x5e03…ab89"), "not returned: 0x5e03"],
		[
			"a look-alike",
			HONEST.replace(address(UPBIT as string), "0x5e032243d507c743b061ef021e2ec7fcc6d3ab88"),
			"not returned: 0x5e032243d507c743b061ef021e2ec7fcc6d3ab88",
		],
		["another date", HONEST.replace("2018-11-09", "9 November 2019"), "not returned: 9 November 2019"],
		["a date that can be read in two ways", HONEST.replace("2018-11-09", "09/11/2018"), "not returned: 09/11/2018"],
		["another name", HONEST.replace("labelled Upbit (", "labelled Bithumb ("), "not returned: Bithumb"],
		["a known name written small", HONEST.replace("labelled Upbit (", "labelled binance ("), "not returned: binance"],
		["a name at the beginning", HONEST.replace("The receiver is", "Lazarus is"), "not returned: Lazarus"],
		["a page", `${HONEST} See recover-my-coins.com for help.`, "not returned: recover-my-coins.com"],
		["letters of another script", HONEST.replace("labelled Upbit (", "labelled Вinance ("), "not checkable: Вinance"],
		["unseen characters", HONEST.replace("Upbit (", "Up\u200bbit ("), "not checkable: characters that nobody sees"],
		["a lead told as a fact", HONEST.replace("A lead: its", "Its").replace("may have come", "came"), "lead as fact: Its"],
		["a lead made certain", HONEST.replace("A lead: its", "No mere lead, it is proven: its"), "lead as fact: No mere"],
		["a label told as a fact", HONEST.replace("is labelled", "is").replace(" by explorer name tags", ""), "claim as fact: The receiver"],
		[
			"a citation of this session for something else",
			HONEST.replace(`6671340 [${transfer.id}]`, `6671340 [${label.id}]`),
			"not cited: 2018-11-09",
		],
		["no citation", HONEST.replace(`6671340 [${transfer.id}]`, "6671340"), "not cited: 499.99874 ETH"],
	])("is rejected for %s", (_, text, problem) => {
		const { accepted, note } = check(text);
		expect([accepted, note]).toEqual([false, null]);
		expect(problemsOf(text).some((one) => one.startsWith(problem))).toBe(true);
	});

	it("is rejected with any of 200 forged citations", () => {
		const random = mulberry32(22);
		const hex = (digits: number) => Array.from({ length: digits }, () => (random() % 16).toString(16)).join("");
		const real = [transfer.id, label.id, lead.id];
		let accepted = 0;
		for (let i = 0; i < 200; i++) {
			const id = real[i % real.length] as string;
			const forged = [
				`[f${hex(12)}]`,
				`[${id.slice(0, -1)}${id.endsWith("0") ? "1" : "0"}]`,
				`[${id}${hex(1)}]`,
				`[${id.toUpperCase()}]`,
				`[${id}, f${hex(12)}]`,
				`[${id.slice(0, 8)}]`,
				`[${id}](f${hex(12)})`,
				// A real fact of this session, for a figure that is another's.
				`[${label.id}]`,
			][i % 8] as string;
			const figure = i % 8 === 6 ? "1.5 ETH" : "499.99874 ETH";
			if (check(`The account paid ${figure} according to the label ${forged}.`).accepted) accepted++;
		}
		expect(accepted).toBe(0);
	});
});
