import { type AccountId, addressOf } from "@clew/core";
import { memoryLedger } from "@clew/core/testing";
import { expect, it } from "vitest";
import { detect } from "../detection/detect.js";
import { evaluate } from "./evaluate.js";
import { parsePlaybooks, SIMULATED_CHAIN, SIMULATED_FAR_CHAIN, simulate } from "./simulate.js";
import { transfersOf } from "./transfers.test-util.js";
import { PLAYBOOKS, type Playbook } from "./truth.js";

const make = (seed: number, size = 6_000, playbooks: readonly Playbook[] = PLAYBOOKS) => {
	const world = simulate({ seed, size, playbooks });
	return { blocks: [...world.blocks], truth: world.truth, contracts: world.contracts() };
};

it("makes the same world of the same seed, and another of another", () => {
	expect(make(5)).toEqual(make(5));
	expect(make(5).truth).not.toEqual(make(6).truth);
});

it("gives transactions hashes that begin as differently as real ones do, by which stores look them up", () => {
	const hashes = make(5).blocks.flatMap(({ transactions }) => transactions.map(({ hash }) => hash));
	expect(new Set(hashes.map((hash) => hash.slice(0, 14))).size).toBe(hashes.length);
});

it("keeps the books of every theft: the ends add up to what was stolen, less fees", () => {
	for (const { amount, ends, playbook } of make(3, 8_000).truth.thefts) {
		const sum = Object.values(ends).reduce((total, part) => total + BigInt(part), 0n);
		expect(sum, playbook).toBeLessThanOrEqual(BigInt(amount));
		expect(sum * 100n, playbook).toBeGreaterThan(BigInt(amount) * 97n);
	}
});

it("brings over the bridge what it says, less the relayer's share, to whom the depositor names", () => {
	const { blocks, truth } = make(4, 8_000, ["bridge"]);
	const rows = transfersOf(blocks);
	const events = blocks.flatMap((block) => block.events);
	const crossed = events.filter(({ kind }) => kind === "bridge-out");
	expect(crossed.length).toBeGreaterThan(10);
	expect(new Set(crossed.map(({ chain }) => chain))).toEqual(new Set([SIMULATED_CHAIN, SIMULATED_FAR_CHAIN]));
	for (const { key = "", details } of crossed) {
		const arrival = events.find((event) => event.kind === "bridge-in" && event.key === key);
		expect(arrival).toMatchObject({ chain: details["toChain"], account: truth.crossings[key] });
		expect(addressOf(arrival?.account as AccountId)).toBe(details["receiver"]);
		const got = rows.filter(({ txHash, to }) => txHash === arrival?.txHash && to === arrival.account);
		expect(got.map(({ amount }) => amount.toString())).toEqual([details["outAmount"]]);
		expect(BigInt(details["outAmount"] ?? "0")).toBeLessThan(BigInt(details["amount"] ?? "0"));
	}
});

it("has pools whose events moved what they say, and a contract whose events lie", () => {
	const { blocks, truth } = make(4, 8_000);
	const rows = transfersOf(blocks);
	const moved = blocks
		.flatMap(({ events }) => events.filter(({ kind }) => kind === "swap"))
		.map(({ contract, txHash, details }) => {
			const out = rows.some((t) => t.txHash === txHash && t.from === contract && t.amount.toString() === details["got"]);
			return [contract, out] as const;
		});
	expect(new Set(moved.filter(([, out]) => out).map(([contract]) => contract))).toEqual(new Set(truth.pools));
	expect(moved.some(([, out]) => !out)).toBe(true);
	for (const [contract, out] of moved) if (!out) expect(truth.decoys).toContain(contract);
});

it("refuses a playbook that there is none of, and a world too small to live in", () => {
	expect(() => parsePlaybooks("peel,teleport")).toThrow('there is no playbook "teleport"');
	expect(() => simulate({ seed: 1, size: 10, playbooks: [] })).toThrow("at least");
});

it("measures what a trace finds with and without detections as stops", async () => {
	const { blocks, truth, contracts } = make(2, 6_000, ["exchange", "wait"]);
	const transfers = transfersOf(blocks).filter(({ chain }) => chain === SIMULATED_CHAIN);
	const options = {
		contracts: new Set(contracts),
		coverage: () => [
			{
				chain: SIMULATED_CHAIN,
				fromHeight: 0,
				toHeight: 2 ** 30 - 1,
				kinds: ["internal", "native", "token"] as const,
				source: "s",
				note: "",
			},
		],
	};
	const plain = memoryLedger(transfers, options);
	const detections = await detect(plain, SIMULATED_CHAIN);
	const source = {
		...plain,
		profile: async (account: Parameters<typeof plain.profile>[0], cap: number) => ({
			...(await plain.profile(account, cap)),
			detections: detections.filter((detection) => detection.account === account),
		}),
	};
	const { heuristics, playbooks } = await evaluate(source, truth, detections);
	const figures = Object.fromEntries(playbooks.map((p) => [`${p.playbook} ${p.known}`, p]));
	// A wallet that has collected and never signed may be a contract: its deposit addresses are leads, and end no trace.
	expect(figures["exchange true"]?.byRule["fifo"]).toEqual({ precision: 692, recall: 692 });
	expect(figures["exchange false"]?.byRule["fifo"]?.recall).toBeLessThan(500);
	expect(figures["exchange false"]?.accused).toBeGreaterThan(figures["exchange true"]?.accused ?? 0);
	expect(figures["wait false"]?.byRule["haircut"]).toEqual({ precision: 1000, recall: 1000 });
	const recall = (name: string) => heuristics.find((h) => h.heuristic === name)?.recall ?? 0;
	expect(recall("deposit-address") + recall("deposit-address (leads)")).toBeGreaterThan(900);
	expect(heuristics.find((h) => h.heuristic === "deposit-address")?.precision).toBe(1000);
});
