import { describe, expect, it } from "vitest";
import { type Fact, factOf, type Told } from "./facts.js";
import { RECOVERY } from "./own-words.js";
import { wrongClaims } from "./sentence-claims.js";

const CHAIN = "eip155:1";
const [PAYER, PAYEE] = ["0x7df1bd58e8fd49803e43987787adfecb4a0a086c", "0x5e032243d507c743b061ef021e2ec7fcc6d3ab89"];
const amount = (units: string) => ({
	units: units === "0" ? "0" : `${units}000000000000000000`,
	amount: units,
	symbol: "ETH",
	asset: `${CHAIN}/slip44:60`,
});
const account = (address: string) => `${CHAIN}:${address}`;
const fact = (told: Told): Fact => factOf(told);
const transfer = fact({
	kind: "transfer",
	data: {
		...{ chain: CHAIN, position: "5.1.1", txHash: `0x${"ab".repeat(32)}`, from: account(PAYER), to: account(PAYEE) },
		...{ amount: amount("500"), kind: "native", provenance: "imported" },
	},
});
const end = fact({
	kind: "end-point",
	data: {
		...{ trace: "0123456789abcdef", account: account(PAYEE), stop: "unspent", byRule: {}, lastArrival: "5.1.1", arrivals: 1 },
		...{ agreed: amount("400"), least: amount("400"), most: amount("500") },
	},
});
const none = amount("0");
const sums = { asked: amount("400"), frozen: amount("400"), seized: none, destroyed: none, returned: none };
const ledger = fact({ kind: "recovery", data: { request: 1, state: "frozen", ...sums } });
const nothing = fact({ kind: "not-kept", data: RECOVERY });
const found = (sentence: string, cited: readonly Fact[]) => wrongClaims(sentence, cited).map((one) => one.found);

describe("what a sentence claims in words", () => {
	it.each([
		[`${PAYER} paid 500 ETH to ${PAYEE}.`, [transfer]],
		[`The thief ${PAYER} then sent 500 ETH to the exchange ${PAYEE}.`, [transfer]],
		[`${PAYEE} received 500 ETH from ${PAYER}.`, [transfer]],
		[`500 ETH were sent by ${PAYER}.`, [transfer]],
		[`At least 400 ETH and at most 500 ETH are at ${PAYEE}.`, [end]],
		[`All rules agree on 400 ETH at ${PAYEE}, and 500 ETH is the most.`, [end]],
		["Its history was not fetched.", [end]],
		["Whether anything was frozen is not known.", [nothing]],
		["Ask the exchange to freeze it.", [end]],
		["Of it 400 ETH were frozen.", [ledger]],
		["Nothing was paid back yet.", [ledger]],
	])("is borne out: %s", (sentence, cited) => {
		expect(found(sentence, cited)).toEqual([]);
	});

	it.each([
		[`${PAYEE} paid 500 ETH to ${PAYER}.`, [transfer], [PAYEE, PAYER]],
		[`${PAYER} received 500 ETH from ${PAYEE}.`, [transfer], [PAYER, PAYEE]],
		[`500 ETH were paid by ${PAYEE}.`, [transfer], [PAYEE]],
		[`${PAYER} never paid 500 ETH to ${PAYEE}.`, [transfer], ["never"]],
		[`It is false that ${PAYER} paid 500 ETH.`, [transfer], ["false"]],
		[`${PAYER} didn't pay it.`, [transfer], ["didn't"]],
		[`${PAYER} paid 500 ETH to ${PAYEE} last week.`, [transfer], ["last week"]],
		["All of it was recovered.", [end], ["recovered"]],
		["400 ETH were paid back to the victims.", [end], ["paid back"]],
		["The account was frozen.", [nothing], ["frozen"]],
		["Of it 400 ETH were seized.", [ledger], ["seized"]],
		["Of it 400 ETH were returned to the victims.", [ledger], ["returned to the victims"]],
		[`Every rule agrees on 500 ETH at ${PAYEE}.`, [end], ["500 ETH"]],
		[`At most 400 ETH are at ${PAYEE}.`, [end], ["400 ETH"]],
	])("is not: %s", (sentence, cited, words) => {
		expect(found(sentence, cited).sort()).toEqual([...words].sort());
	});
});
