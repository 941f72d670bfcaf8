import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAnvil } from "./anvil.js";
import { clewAsync, scratch } from "./clew.js";
import { PEOPLE, playTheft, type Theft } from "./theft.js";

const folder = scratch();
const CHAIN = "eip155:31337";

interface Row {
	readonly account: string;
	readonly asset: string;
	readonly verdict: string;
	readonly derived?: string;
	readonly told?: string;
	readonly missing?: readonly string[];
	readonly why?: string;
}

describe("balances that a case derives beside a real node's", () => {
	let node: Awaited<ReturnType<typeof startAnvil>>;
	let theft: Theft;
	let head: number;
	const caseOf = async (name: string, ...ranges: readonly (readonly [number, number])[]) => {
		const place = join(folder, name);
		const must = async (...args: string[]) => expect((await clewAsync(args)).code, args.join(" ")).toBe(0);
		await must("case", "new", place, "--title", "t", "--chain", CHAIN);
		for (const [from, to] of ranges) await must("ingest", "--case", place, "--rpc", node.url, "--from", `${from}`, "--to", `${to}`);
		return place;
	};
	const audit = async (place: string, ...args: string[]) => {
		const { code, out, err } = await clewAsync(["status", "--audit", "--case", place, ...args, "--json"], { CLEW_EVM_RPC: "" });
		const told = JSON.parse(out).audit as { node?: string; accountsLeft: number; rows: Row[] }[];
		expect(told, err).toHaveLength(1);
		return { code, ...(told[0] as NonNullable<(typeof told)[0]>) };
	};

	beforeAll(async () => {
		node = await startAnvil();
		theft = await playTheft(node.provider);
		head = await node.provider.getBlockNumber();
	});
	afterAll(async () => {
		await node.stop();
		rmSync(folder, { recursive: true });
	});

	it("are equal for every account and asset of a case that holds every block, with or without what accounts began with", async () => {
		for (const from of [0, 3]) {
			const { code, rows } = await audit(await caseOf(`whole-${from}.clew`, [from, head]), "--rpc", node.url);
			expect(rows.filter(({ verdict }) => verdict !== "equal")).toEqual([]);
			expect(code).toBe(0);
			expect(rows.some(({ asset }) => asset.includes(theft.done.token))).toBe(true);
			expect(rows.length).toBeGreaterThan(8);
		}
	});

	it("are short by what a block that is not there brought, over by what it took, and equal for all whom it did not touch", async () => {
		// The thief passes it on in the block after the theft.
		const hole = ((await node.provider.getTransactionReceipt(theft.done.thefts[0] as string))?.blockNumber as number) + 1;
		const place = await caseOf("hole.clew", [0, hole - 1], [hole + 1, head]);
		const { code, rows } = await audit(place, "--rpc", node.url);
		expect(code).toBe(1);
		const apart = rows.filter(({ verdict }) => verdict !== "equal");
		const [thief, hop] = await Promise.all([PEOPLE.THIEF, PEOPLE.HOP].map((one) => theft.address(one)));
		const by = new Map(apart.map((row) => [row.account.split(":")[2], BigInt(row.told ?? 0) - BigInt(row.derived ?? 0)]));
		expect(by.get(hop)).toBe(9n * 10n ** 18n);
		expect(by.get(thief)).toBeLessThan(-9n * 10n ** 18n);
		expect(apart.find(({ account }) => account.endsWith(hop as string))).toMatchObject({
			verdict: "short",
			missing: [`its movements in blocks ${hole} to ${hole} are not all in the case`],
		});
		expect([...by.keys()].every((one) => one === hop || one === thief || /^0x0{40}$/.test(one ?? ""))).toBe(true);
		const { out } = await clewAsync(["status", "--audit", "--case", place, "--rpc", node.url]);
		expect(out).toContain("short by 9 ETH");
		expect(out).toMatch(
			/balances on .*: \d+ equal, 1 short, \d+ over, 0 not asked(, \d+ of the equal although something is known to be missing)?, by the word of /,
		);
		const { out: log } = await clewAsync(["custody", "--case", place]);
		expect(log).toContain("balances compared");
	});

	it("are no all-clear where nothing was compared, something is known to be missing, or the node has another block", async () => {
		const empty = join(folder, "empty.clew");
		expect((await clewAsync(["case", "new", empty, "--title", "t", "--chain", CHAIN])).code).toBe(0);
		const nothing = await audit(empty, "--rpc", node.url);
		expect([nothing.code, nothing.rows]).toEqual([5, []]);
		const hop = await theft.address(PEOPLE.HOP);
		const hole = await caseOf("quiet.clew", [0, 1], [3, head]);
		const { rows } = await audit(hole, "--rpc", node.url, "--account", hop);
		expect(rows.every(({ verdict, missing = [] }) => verdict !== "equal" || missing.length > 0)).toBe(true);
		const other = await startAnvil();
		await other.provider.send("anvil_mine", [`0x${(head + 1).toString(16)}`]);
		const apart = await audit(await caseOf("fork.clew", [0, head]), "--rpc", other.url);
		await other.stop();
		expect([apart.code, new Set(apart.rows.map(({ why }) => why))]).toEqual([
			5,
			new Set([`the node has another block ${head} than the case`]),
		]);
	});

	it("are not asked about without a node, beyond the limit, and ahead of the node's head", async () => {
		const place = await caseOf("apart.clew", [0, head]);
		const nobody = await audit(place);
		expect([nobody.code, nobody.node, new Set(nobody.rows.map(({ verdict }) => verdict))]).toEqual([5, undefined, new Set(["not-asked"])]);
		const few = await audit(place, "--rpc", node.url, "--limit", "2");
		expect([few.code, few.accountsLeft > 0]).toEqual([5, true]);
		const young = await startAnvil();
		const { code, rows } = await audit(place, "--rpc", young.url);
		await young.stop();
		expect([code, new Set(rows.map(({ why }) => why))]).toEqual([5, new Set(["the node's head is block 0"])]);
	});
});
