import { describe, expect, it } from "vitest";
import { type BitcoinReader, bitcoinDialect } from "./bitcoin.js";
import { Desk } from "./desk.js";
import type { Dialect } from "./dialect.js";
import { sortCalls } from "./json-rpc.js";
import { EVM_DIALECT } from "./methods.js";
import { tronDialect } from "./tron.js";

const desk = () =>
	new Desk({
		facts: {
			chainId: async () => 1n,
			look: async () => ({ verdict: "clear", sentence: "", reasons: [], whatToDo: [] }),
			hasCode: async () => undefined,
			effect: async () => undefined,
			glance: async () => ({ verdict: "clear", sentence: "", reasons: [], whatToDo: [] }),
			holds: async () => undefined,
			search: async () => ({ found: [], whole: true }),
			unit: () => undefined,
		},
		strict: false,
		onDecision: () => {},
		now: () => "2026-01-01T00:00:00Z",
	});
const [FROM, GOOD, BAD] = ["1", "2", "3"].map((digit) => `0x${digit.repeat(40)}`) as [string, string, string];
const sorted = (body: string, dialect: Dialect = EVM_DIALECT) => sortCalls(body, dialect, desk());
const call = (rest: string) => `{"jsonrpc":"2.0","id":1,${rest}}`;
const pay = `{"from":"${FROM}","to":"${GOOD}"}`;

describe("a text that nodes may read otherwise", () => {
	it.each([
		["a method in another case", call(`"method":"eth_blockNumber","params":[],"Method":"eth_sendRawTransaction","Params":["${BAD}"]`)],
		["parameters in another case", call(`"method":"eth_sendTransaction","params":[${pay}],"Params":[{"to":"${BAD}"}]`)],
		["a letter that folds", call(`"method":"eth_sendTransaction","params":[${pay}],"param\u017f":[{"to":"${BAD}"}]`)],
		["the same by an escape", call(`"method":"eth_sendTransaction","params":[${pay}],"param\\u017f":[{"to":"${BAD}"}]`)],
		["a method of letters that fold", call(`"method":"eth_\u017fendTransaction","params":[{"to":"${BAD}"}]`)],
		["a method in capitals", call(`"method":"ETH_SENDTRANSACTION","params":[{"to":"${BAD}"}]`)],
		["a receiver in another case", call(`"method":"eth_sendTransaction","params":[{"to":"${GOOD}","TO":"${BAD}"}]`)],
		["the same deeper", call(`"method":"wallet_sendCalls","params":[{"calls":[{"to":"${GOOD}","To":"${BAD}"}]}]`)],
		["parameters that are too many", call(`"method":"eth_sendTransaction","params":[${pay},{"to":"${BAD}"}]`)],
		["a list in a list", `[[${call(`"method":"eth_sendTransaction","params":[{"to":"${BAD}"}]`)}]]`],
		["a batch with one of them", `[${call(`"method":"eth_chainId","Method":"eth_sendTransaction","params":[{"to":"${BAD}"}]`)}]`],
		["two texts", call('"method":"eth_chainId"') + call(`"method":"eth_sendTransaction","params":[{"to":"${BAD}"}]`)],
		["UTF-16", Buffer.from(call(`"method":"eth_sendTransaction","params":[{"to":"${BAD}"}]`), "utf16le").toString("utf8")],
		["an escape of JavaScript", call(`"method":"eth_\\x73endTransaction","params":[{"to":"${BAD}"}]`)],
		["an id that is none", call(`"method":"eth_sendTransaction","id":{"to":"${BAD}"},"params":[${pay}]`)],
	])("does not go on: %s", async (_, body) => {
		const one = await sorted(body);
		expect(one).toHaveProperty("answer");
		expect(JSON.stringify(one)).toMatch(/"code":-32(600|700|090)/);
	});

	it("goes on as it was judged, and a key that stands twice stands once, however long other texts are", async () => {
		const twice = `"params":[{"to":"${BAD}"}],`;
		const blanks = " ".repeat(twice.length);
		const body = `{"jsonrpc":"2.0","id":"${blanks}",${twice}"method":"eth_sendTransaction","params":[${pay}]}`;
		expect(await sorted(body)).toEqual({
			forward: `{"jsonrpc":"2.0","id":"${blanks}","method":"eth_sendTransaction","params":[${pay}]}`,
			answers: [],
		});
	});

	it("goes on to the byte where nothing of it could send", async () => {
		for (const body of [`{ "Method":"eth_call" }`, `[[ ]]`, call(`"method":"eth_getTransactionBySenderAndNonce","params":[]`)])
			expect(await sorted(body)).toEqual({ forward: body, answers: [] });
	});

	it("is refused for Tron and Bitcoin, too", async () => {
		const reader: BitcoinReader = { fromHex: (txid) => ({ txid, pays: [{ to: GOOD, amount: 1n }] }), address: (text) => text };
		const bitcoin = bitcoinDialect(reader);
		const send = (rest: string) => `{"id":1,"method":"sendrawtransaction",${rest}}`;
		expect(await sorted(send('"params":["aa",0]'), bitcoin)).toHaveProperty("forward");
		for (const rest of ['"params":["aa"],"PARAMS":["bb"]', '"params":{"hexstring":"aa","HexString":"bb"}', '"params":["aa",0,0,"bb"]'])
			expect(await sorted(send(rest), bitcoin)).toHaveProperty("answer");
		expect(await sorted('{"id":1,"method":"getblockcount","METHOD":"bumpFee"}', bitcoin)).toHaveProperty("answer");
		const refuse = () => {
			throw new TypeError("nothing is read");
		};
		const tron = tronDialect({ fromHex: () => ({ id: "1", owner: GOOD, type: "Vote", pays: [] }), fromJson: refuse });
		expect(await sorted('{"id":1,"method":"eth_chainId","Method":"eth_sendRawTransaction"}', tron)).toHaveProperty("answer");
		const hex = (body: string) =>
			tron.pathSending?.({ method: "POST", path: "/wallet/broadcasthex", query: new URLSearchParams(), body })?.read();
		expect(hex('{"transaction":"aa"}')).toMatchObject({ leaves: true });
		expect(() => hex('{"transaction":"aa","Transaction":"bb"}')).toThrow("letter case");
	});
});
