import { createServer } from "node:http";
import { Transaction, Wallet } from "ethers";
import { describe, expect, it } from "vitest";
import { plainPath } from "./dialect.js";
import { readSigned } from "./intent.js";
import { nodeFacts } from "./node-facts.js";
import { HttpUpstream } from "./upstream.js";

describe("a path", () => {
	it.each([
		["/wallet/broadcasthex", "/wallet/broadcasthex"],
		["/wallet//./x/../%62roadcast%48ex;v=1/", "/wallet/broadcasthex"],
		["/a%252f..%255Cb", "/b"],
		["/%00", undefined],
		["/a%3Fb", undefined],
		["/%zz", undefined],
		["/%2525252525252562", undefined],
	])("%s is read as the most lenient of servers would", (path, read) => {
		expect(plainPath(path)).toBe(read);
	});
});

describe("signed transactions", () => {
	const wallet = new Wallet(`0x${"7".repeat(64)}`);
	const to = `0x${"12".repeat(20)}`;
	const fees = { maxFeePerGas: 1n, maxPriorityFeePerGas: 1n };
	const authorizationList = [wallet.authorizeSync({ address: to, chainId: 1n, nonce: 1n })];
	it.each([
		[0, { gasPrice: 1n }],
		[1, { gasPrice: 1n, accessList: [{ address: to, storageKeys: [] }] }],
		[2, fees],
		[3, { ...fees, maxFeePerBlobGas: 1n, blobVersionedHashes: [`0x01${"00".repeat(31)}`] }],
		[4, { ...fees, authorizationList }],
	])("of type %i are read, and cut or lengthened ones never", async (type, fields) => {
		const raw = await wallet.signTransaction({ type, chainId: 1n, nonce: 0, gasLimit: 21_000n, to, value: 5n, data: "0x", ...fields });
		expect(Transaction.from(raw).type).toBe(type);
		expect(readSigned(raw).actions).toContainEqual({ kind: "pay", to, amount: 5n });
		for (const broken of [raw.slice(0, -2), `${raw}00`, raw.replace(/^0x../, "0x7f"), `${raw.slice(0, 10)}ff${raw.slice(12)}`])
			expect(() => readSigned(broken)).toThrow();
	});
});

describe("a node that does not answer", () => {
	it("tells nothing, in the time that is given to it: neither a contract nor a person", async () => {
		const silent = createServer(() => {});
		await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
		const upstream = new HttpUpstream(`http://127.0.0.1:${(silent.address() as { port: number }).port}`);
		const facts = nodeFacts(upstream, 50);
		expect(await Promise.all([facts.chainId(), facts.hasCode("0x")])).toEqual([undefined, undefined]);
		upstream.close();
		silent.closeAllConnections();
		silent.close();
	});
});
