import { describe, expect, it } from "vitest";
import { isAccount } from "../chain-family/registry.js";

const MAIN = "bip122:000000000019d6689c085ae165831e93";
const REGTEST = "bip122:0f9188f13cb7b2c71f2a335e3a4fc328";
const is = (address: string, chain = MAIN) => isAccount(`${chain}:${address}`, chain);

describe("an account of Bitcoin", () => {
	// Vectors of BIP 173, BIP 350 and of the chain.
	const GENESIS = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
	const WITNESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
	const TAPROOT = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0";

	it("has its right checksum", () => {
		for (const address of [GENESIS, "3P14159f73E4gFr7JterCCQh9QjiTjiZrG", WITNESS, TAPROOT, "bc1pfeessrawgf"])
			expect([address, is(address)]).toEqual([address, true]);
		for (const name of ["null", "unknown", `script-${"a".repeat(64)}`, `tx-${"a".repeat(64)}`]) expect(is(name)).toBe(true);
		for (const address of [GENESIS, WITNESS, TAPROOT])
			for (const at of [3, 10, address.length - 1]) {
				const other = address[at] === "q" ? "p" : "q";
				const wrong = `${address.slice(0, at)}${other}${address.slice(at + 1)}`;
				expect([wrong, is(wrong)]).toEqual([wrong, false]);
			}
	});

	it("is of its network, in one form, and its program of a size that there is", () => {
		expect([is(WITNESS, REGTEST), is(GENESIS, REGTEST), is(WITNESS.toUpperCase())]).toEqual([false, false, false]);
		// bech32m for version 0, bech32 for version 1, 16 bytes of version 0, padding that is not zero.
		for (const wrong of [
			"bc1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
			"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
			"BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P".toLowerCase(),
			"bc1zw508d6qejxtdg4y5r3zarvaryvqyzf3du",
			"",
			"bc1",
			"bc1q",
		])
			expect([wrong, is(wrong)]).toEqual([wrong, false]);
	});
});
