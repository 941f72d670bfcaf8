import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAnvil } from "./anvil.js";
import { clewAsync, mustClew, scratch } from "./clew.js";

const folder = scratch();

describe("a hash of which nobody says on which chain it is", () => {
	let [mainnet, base]: Awaited<ReturnType<typeof startAnvil>>[] = [];
	let theft = "";
	let second = "";
	process.env["XDG_CONFIG_HOME"] = scratch();
	const run = async (name: string, hash: string, ...more: string[]) => {
		const nodes = more.includes("--rpc") ? [] : ["--rpc", mainnet?.url ?? ""];
		const { code, out, err } = await clewAsync(["investigate", hash, ...nodes, ...more, "--case", join(folder, name)]);
		return { code, out, err: err.replace(/\s+/g, " ") };
	};

	beforeAll(async () => {
		mainnet = await startAnvil("--chain-id", "1");
		base = await startAnvil("--chain-id", "8453");
		const [from = "", to = ""] = await base.provider.send("eth_accounts", []);
		theft = await base.provider.send("eth_sendTransaction", [{ from, to, value: "0x10" }]);
		await base.provider.send("anvil_mine", ["0x1"]);
		const [, other = "", mule = ""] = await mainnet.provider.send("eth_accounts", []);
		second = await mainnet.provider.send("eth_sendTransaction", [{ from: other, to: mule, value: `0x${(7n * 10n ** 18n).toString(16)}` }]);
		await mainnet.provider.send("anvil_mine", ["0x1"]);
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

	it("is shown beside what the case holds on other chains, each gone on with where its node is known", async () => {
		const from = (text: string) => text.slice(text.indexOf("ALSO ON"));
		const near = await run("base.clew", second, "--chain", "ethereum");
		expect(near.out).toMatch(/on Ethereum\n[\s\S]*TAKEN 7 ETH[\s\S]*ALSO ON BASE: asked http/);
		expect(from(near.out)).toContain("TAKEN 0.0000… ETH");
		expect(near.out.split("\n").length).toBeLessThanOrEqual(41);
		// The other way round: of Ethereum no endpoint is known, so that it stands as it was kept, and is not closed.
		const back = await run("base.clew", theft, "--chain", "base", "--rpc", base?.url ?? "");
		expect(back.code).toBe(5);
		expect(back.out).toMatch(/on Base\n[\s\S]*ALSO ON ETHEREUM: as trace [0-9a-f]{16} has it, made [0-9T:Z-]+; no node was asked\s+again/);
		expect(from(back.out).replace(/\s+/g, " ")).toMatch(/TAKEN 7 ETH (STILL THERE|NOT YET FETCHED) 7 ETH.* --chain eip155:1 --case/);
		const { elsewhere, complete } = JSON.parse((await run("base.clew", theft, "--chain", "base", "--rpc", base?.url ?? "", "--json")).out);
		expect([complete, elsewhere.length, elsewhere[0].chain, elsewhere[0].taken[0].agreed]).toEqual([
			false,
			1,
			"eip155:1",
			`${7n * 10n ** 18n}`,
		]);
		expect(existsSync(elsewhere[0].report)).toBe(true);
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
