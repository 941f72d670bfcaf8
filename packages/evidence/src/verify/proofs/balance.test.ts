import { beforeAll, describe, expect, it } from "vitest";
import { provenBalance } from "../balance.test-util.js";
import { ETHEREUM } from "../blocks.test-util.js";
import type { BalanceProof } from "../bundle/formats.js";
import { checkBalance } from "../evm/balance.js";

const held = "a1".repeat(20);

describe("a balance", () => {
	let proof: BalanceProof;
	beforeAll(async () => {
		proof = await provenBalance(held);
	});

	it("that the state shows is proven", () => {
		expect(checkBalance(proof)).toBe(proof.hash);
	});

	it("of an account that the state does not have is nothing, and no other amount", async () => {
		for (let i = 1; i <= 30; i++) {
			const absent = await provenBalance(i.toString(16).padStart(40, "c"), false);
			expect(checkBalance(absent)).toBe(absent.hash);
			expect(() => checkBalance({ ...absent, balance: "1" })).toThrow(/^balance: the row says 1, the chain 0/);
			expect(() => checkBalance({ ...absent, nodes: absent.nodes.slice(0, -1) })).toThrow(/ends before the value/);
		}
		expect(() => checkBalance({ ...proof, balance: "0" })).toThrow(/^balance: the row says 0, the chain 4660/);
	});

	it.each<[string, RegExp, () => Partial<BalanceProof>]>([
		["another amount", /^balance: the row says 4661, the chain 4660/, () => ({ balance: "4661" })],
		["another block", /^block hash/, () => ({ hash: `0x${"1".repeat(64)}` })],
		["another height", /^height of the header/, () => ({ height: "6" })],
		["another account", /leads|nowhere|ends|not on the way/, () => ({ account: `${ETHEREUM}:0x${"b2".repeat(20)}` })],
		["an account of another chain", /names no account of its chain/, () => ({ account: `eip155:10:0x${held}` })],
		[
			"an account of a chain whose number begins alike",
			/names no account of its chain/,
			() => ({ account: `eip155:10:0x${held}`, chain: ETHEREUM }),
		],
		["an account that is no address", /names no account of its chain/, () => ({ account: `${ETHEREUM}:alice` })],
		["a node too many", /not on the way/, () => ({ nodes: [...proof.nodes, proof.nodes[0] ?? ""] })],
		["upper-case hex", /not lower-case hex/, () => ({ nodes: proof.nodes.map((node) => node.toUpperCase()) })],
	])("of %s is refused", (_, message, change) => {
		expect(() => checkBalance({ ...proof, ...change() })).toThrow(message);
	});
});
