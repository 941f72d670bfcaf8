import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAnvil } from "./anvil.js";
import { clewAsync, mustClew, scratch } from "./clew.js";

const folder = scratch();

describe("a hash of which nobody says on which chain it is", () => {
	let [mainnet, base]: Awaited<ReturnType<typeof startAnvil>>[] = [];
	let theft = "";
	process.env["XDG_CONFIG_HOME"] = scratch();
	const run = async (name: string, hash: string) => {
		const { code, out, err } = await clewAsync(["investigate", hash, "--rpc", mainnet?.url ?? "", "--case", join(folder, name)]);
		return { code, out, err: err.replace(/\s+/g, " ") };
	};

	beforeAll(async () => {
		mainnet = await startAnvil("--chain-id", "1");
		base = await startAnvil("--chain-id", "8453");
		const [from = "", to = ""] = await base.provider.send("eth_accounts", []);
		theft = await base.provider.send("eth_sendTransaction", [{ from, to, value: "0x10" }]);
		await base.provider.send("anvil_mine", ["0x1"]);
		mustClew("endpoints", "add", "my-base", base.url, "--chain", "base", "--keyless");
	});
	afterAll(async () => {
		await mainnet?.stop();
		await base?.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	it("is looked for on the user's own endpoints of other chains, found there, said, and followed there", async () => {
		const { out, err } = await run("base.clew", theft);
		expect(err).toContain(`${theft} is a transaction of Base, and not known on Ethereum`);
		expect(out).toMatch(/on Base\n/);
		expect(out).toContain("TAKEN 0.0000… ETH");
	});

	it("where nobody knows it, says which chains were asked", async () => {
		const { code, err } = await run("nowhere.clew", `0x${"ab".repeat(32)}`);
		expect(code).toBe(3);
		expect(err).toContain("asked Ethereum, Base");
		expect(err).toContain("--chain");
	});

	it("without 0x it is looked for on every kind of chain whose node is named, and who did not tell is said", async () => {
		const { out, err } = await run("bare.clew", theft.slice(2));
		expect(err).toContain("is a transaction of Base");
		expect(out).toContain("on Base");
		expect((await run("bare-nowhere.clew", "ab".repeat(32))).err).toMatch(/not told on (Bitcoin|Tron)/);
	});
});
