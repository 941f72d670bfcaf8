// A detector of one's own beside the built-in ones: accounts that several others pay and that pay one account alone may be deposit
// addresses of it.
//   node examples/detector.mjs case.clew
import { formatPosition } from "@clew/core";
import { openCase } from "@clew/graph-store";
import { detect, detectionOf } from "@clew/tracer";

const PAYERS = 2;

/** Sees every transaction once, in order; then looks at what stood out. Accounts are numbers until they are told. */
const soleRecipient = () => {
	const payers = new Map();
	const paid = new Map();
	const add = (map, account, other) => map.set(account, (map.get(account) ?? new Set()).add(other));
	const rows = new Map();
	return {
		transaction(movements) {
			for (const { t, from, to } of movements) {
				if (t.kind === "fee" || from === to) continue;
				add(payers, to, from);
				add(paid, from, to);
				add(rows, from, formatPosition(t.position));
			}
		},
		async finish(accounts) {
			const found = [];
			for (const [account, others] of paid) {
				const [recipient] = others;
				const several = payers.get(account)?.size ?? 0;
				const about = {
					account: accounts.nameOf(account),
					counterpart: accounts.nameOf(recipient),
					kind: "deposit-address",
					tier: "lead",
					heuristic: "sole-recipient",
					version: 1,
					parameters: { payers: String(PAYERS) },
					source: "examples/detector.mjs",
					evidence: [...rows.get(account)],
				};
				const detection = detectionOf(about, [
					{ text: `${several} accounts paid it`, holds: several >= PAYERS, required: true },
					{ text: "it paid one account alone", holds: others.size === 1, required: true },
				]);
				if (detection !== undefined) found.push(detection);
			}
			return found;
		},
	};
};

const store = await openCase(process.argv[2]);
try {
	for (const { account, counterpart, heuristic, reasons } of await detect(store, store.info.chain, { observers: [soleRecipient] }))
		if (heuristic === "sole-recipient") console.log(`${account} of ${counterpart}: ${reasons.join(", ")}`);
} finally {
	await store.close();
}
