import { type Detection, formatPosition, median, type Position } from "@clew/core";
import { must, surer } from "../patterns/finding.js";
import { accountIn, detectionOf, holdingKey, MAX_EVIDENCE, type MakeObserver } from "./observer.js";

const SOURCE = "Victor 2020: Address Clustering Heuristics for Ethereum, airdrop multi-participation";
/** An airdrop has this many times more receivers than payers at least. */
const FEW = 10;

interface Handout {
	readonly receivers: Set<number>;
	readonly gaps: number[];
	last: number;
	readonly evidence: Position[];
}

/** Airdrops: one account hands one token to very many within few blocks. What they receive says nothing about them. */
export const observeAirdrops: MakeObserver = (p) => {
	const handouts = new Map<number, Handout>();
	return {
		transaction(movements) {
			for (const { t, from, to, asset } of movements) {
				if (t.kind !== "token" && t.kind !== "mint") continue;
				const key = holdingKey(from, asset);
				const known = handouts.get(key) ?? { receivers: new Set(), gaps: [], last: t.position.height, evidence: [] };
				handouts.set(key, known);
				if (known.receivers.has(to)) continue;
				known.receivers.add(to);
				known.gaps.push(t.position.height - known.last);
				known.last = t.position.height;
				if (known.evidence.length < MAX_EVIDENCE) known.evidence.push(t.position);
			}
		},
		async finish(accounts) {
			const found: Detection[] = [];
			for (const [key, { receivers, gaps, evidence }] of handouts) {
				if (receivers.size < p.airdropReceivers) continue;
				const gap = median(gaps) ?? 0;
				const giver = accountIn(key);
				const detection = detectionOf(
					{
						account: accounts.nameOf(giver),
						kind: "airdrop",
						tier: "structural",
						heuristic: "airdrop",
						version: 1,
						parameters: { receivers: String(p.airdropReceivers), medianBlocks: String(p.airdropBlocks) },
						source: SOURCE,
						evidence: evidence.map(formatPosition),
					},
					[
						must(`${receivers.size} accounts got the token from it`, true),
						must(`few accounts paid it (${accounts.fanIn(giver)}): no pool that exchanges`, accounts.fanIn(giver) * FEW < receivers.size),
						must(`median of ${gap} blocks between two of them`, gap <= p.airdropBlocks),
						surer("within the same blocks", gap === 0),
					],
				);
				if (detection !== undefined) found.push(detection);
			}
			return found;
		},
	};
};
