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
A lead: its first coins, 2.06717986 ETH, may have come from ${address(UPBIT as string)}. [${lead.id}] (lead)
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
		["a lead without its mark", HONEST.replace(" (lead)", ""), "lead as fact: A lead: its"],
		["a label marked as a lead", HONEST.replace(`[${label.id}, `, `[${label.id}] (lead) [`), "lead as fact: The receiver"],
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

	const paid = (words: string) => `${address(THIEF as string)} paid ${words} [${transfer.id}].`;
	it.each([
		...[
			"[x](//evil.com/x)",
			"see (https:/evil.com)",
			"evil.c**om**",
			"evil[.]com",
			"![p](//evil)",
			"[x](javascript:alert)",
			"javascript:alert",
		],
		...["<script>alert</script>", "<img src=x onerror=alert>", "[page]: //evil", "evil.com", "evil .com", "evil dot com", "a@b", "//evil"],
		...[
			"b**inance**",
			"bin-ance",
			"bi<b>nance</b>",
			"_so_",
			"`so`",
			"~~not~~",
			"a <!-- may be --> b",
			"&half; of it",
			"&#60;b",
			"a | b",
			"\\so",
		],
		...["evil·com", "evil。com", "www evil", "*so*"],
	])("is refused with markup or a page in it: %s", (words) => {
		expect(check(`It says ${words} [${transfer.id}].`).accepted).toBe(false);
		expect(check(`It says so.\n\n${words}`).accepted).toBe(false);
	});

	it("is refused where something is joined to a citation", () => {
		for (const joined of ["(//evil)", "[x]", "(lead)", ": //evil"]) expect(check(`It paid [${transfer.id}]${joined}`).accepted).toBe(false);
	});

	it.each([
		...[
			"499998740000000000000 ether",
			"499.99874 bitcoin",
			"499.99874 dollars",
			"499.99874 lakh ether",
			"499.99874 mio ether",
			"499.99874 k",
		],
		...[
			"499.99874 percent",
			"499.99874%",
			"499.99874 gwei",
			"499.99874",
			"6671340 payments",
			"6671340",
			"block 6671340 payments",
			"2018 ether",
		],
		...[
			"499.99874 (thousand) ETH",
			"499.99874 ETH k",
			"499.99874-fold",
			"a tenfold",
			"fivehundred ether",
			"cinq cents ether",
			"fünfhundert ether",
		],
		...[
			"zero ether",
			"a myriad ether",
			"dozens of coins",
			"a grand",
			"one ether",
			"mmxix",
			"xii ether",
			"quinientos",
			"duzentos",
			"wu bai ether",
		],
		...["4**9**9 ETH", "49'9", "499 99874 ETH", "2,5 ETH", "499.99874² ETH", "½ ETH", "499.99874 in ether percent", "half ether"],
		...["it at 2018-11-09 08:36 kst", "it at 2018-11-09T08:36:45 local time", "it at 2018-11-09 08:36 pm", "it on 2018-11-09, korea time"],
		...["499.99874 base units", "it by 5 points", "499.99874 eth-btc", "it on november 9"],
	])("is refused where an amount or a time is not in the fact's own unit: %s", (words) => {
		expect(check(paid(words)).accepted, JSON.stringify(check(paid(words)).problems)).toBe(false);
	});

	it.each([
		...["499.99874 ETH", "499.99874 Ether", "499.99874 ether", "499998740000000000000 base units", "499,998,740,000,000,000,000 wei"],
		...["ETH 499.99874", "it in block 6671340", "it at 08:36:45 UTC on 2018-11-09", "it on Ethereum", "it on 9 November 2018"],
		...["it, as its owner's hash shows", "it and/or others"],
	])("is accepted where it is: %s", (words) => {
		expect(check(paid(words)).problems).toEqual([]);
	});

	it("takes an address in mixed letters where they are those of its checksum", () => {
		const said = (shown: string) => check(`The account ${shown} is labelled Upbit [${label.id}].`).accepted;
		expect(said("0x5E032243d507C743b061eF021e2EC7fcc6d3ab89")).toBe(true);
		expect(said("0x5E032243d507c743b061ef021e2ec7fcc6d3ab89")).toBe(false);
	});

	it("takes numbered lists, and names of several words as a whole alone", () => {
		expect(check(`Unfortunately nothing more is known. Don't ask who, and please doesn't it hold? Meanwhile, e.g. this.`).problems).toEqual(
			[],
		);
		const list = `1. It paid 499.99874 ETH [${transfer.id}].\n2. It is labelled Upbit 3 [${label.id}].`;
		expect(check(list).problems).toEqual([]);
		expect(check(`It is labelled Upbit 3 ether [${label.id}].`).accepted).toBe(false);
		expect(check(`It is labelled Upbit and has 3 [${label.id}].`).accepted).toBe(false);
	});

	it("states what somebody else's token is by its id, never by a symbol, and takes no symbol for a name", () => {
		const fake = `${CHAIN}/erc20:0x${"ab".repeat(20)}`;
		const facts = ["ETH", "belongs to Binance", "Binance"].flatMap((symbol) => {
			const told: readonly Told[] = [
				{
					kind: "balance",
					data: { account: THIEF as string, balance: { units: "5", amount: "0.000000000000000005", asset: fake }, shortfall: "0" },
				},
				{
					kind: "asset",
					data: { asset: fake, decimals: 18, symbol: { ...outside(""), preview: symbol, flags: [] }, published: false },
				},
			];
			return told.map(factOf);
		});
		const all = { facts: new Map(facts.map((fact) => [fact.id, fact])), names: known.names };
		const cites = `[${facts.map(({ id }) => id).join(", ")}]`;
		const accepted = (text: string) => checkAnswer(text, all).accepted;
		for (const said of ["holds 0.000000000000000005 ETH", "belongs to Binance", "holds 5 base units", "holds 0.000000000000000005 Binance"])
			expect(accepted(`It ${said} by its symbol ${cites}.`), said).toBe(false);
		for (const said of [`0.000000000000000005 ${fake}`, `5 base units of ${fake}`, `0.000000000000000005 of 0x${"ab".repeat(20)}`])
			expect(accepted(`By what it is called it holds ${said} ${cites}.`), said).toBe(true);
	});

	it.each([
		["may have paid", true],
		["paid, and it is no longer a lead but a fact,", false],
		["paid, beyond question true,", false],
		["surely paid", false],
		["and every path leads to who paid", false],
		["absolutely paid", false],
	])("holds a lead that is marked to be no certainty: %s", (words, accepted) => {
		const text = `${address(UPBIT as string)} ${words} ${address(THIEF as string)} [${lead.id}]`;
		expect([check(`${text} (lead).`).accepted, check(`${text}.`).accepted]).toEqual([accepted, false]);
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
