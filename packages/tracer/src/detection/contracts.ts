import {
	type AccountId,
	type ChainEvent,
	type ChainId,
	type Detection,
	type EventKind,
	eventsOfKind,
	formatPosition,
	groupBy,
	type LedgerReader,
	type Transfer,
} from "@clew/core";
import { movesNamed } from "../passages/named-asset.js";
import { must, surer } from "../patterns/finding.js";
import { detectionOf } from "./observer.js";
import type { DetectionParameters } from "./parameters.js";

interface Contract {
	readonly protocol: string;
	/** Events whose amounts the contract really moved in their transaction, and all that were looked at. */
	moved: number;
	looked: number;
	readonly evidence: string[];
}

/** Events of one contract that are compared with the transfers of their transactions. */
const LOOKED_AT = 20;

/**
 * Bridges and pools by the events of the main protocols. An event is one contract's word, so up to 20 of each contract's are held against
 * the transfers of their transactions: only one that moved what its events say is what it claims to be in deed. Whose it is, nobody says.
 */
export async function detectContracts(source: LedgerReader, chain: ChainId, p: DetectionParameters): Promise<Detection[]> {
	const bridges = new Map<AccountId, Contract>();
	const pools = new Map<AccountId, Contract>();
	for (const kind of ["bridge-out", "bridge-in"] as const) await collect(source, chain, kind, bridges);
	await collect(source, chain, "swap", pools);
	const detections = [...bridges].map(([account, contract]) => detectionFrom("bridge", account, contract, p));
	detections.push(...[...pools].map(([account, contract]) => detectionFrom("dex-pool", account, contract, p)));
	return detections.filter((detection) => detection !== undefined);
}

async function collect(source: LedgerReader, chain: ChainId, kind: EventKind, into: Map<AccountId, Contract>): Promise<void> {
	for await (const event of eventsOfKind(source, chain, kind)) {
		const known = into.get(event.contract) ?? { protocol: event.protocol, moved: 0, looked: 0, evidence: [] };
		into.set(event.contract, known);
		if (known.looked >= LOOKED_AT) continue;
		known.looked++;
		if (!(await wasMoved(source, event))) continue;
		known.moved++;
		known.evidence.push(formatPosition(event.position));
	}
}

/** True when the transfers of the transaction carry out what the event says. */
async function wasMoved(source: LedgerReader, { chain, txHash, kind, contract, account, details }: ChainEvent): Promise<boolean> {
	const transfers = (await source.transaction(chain, txHash)).filter((t) => t.kind !== "fee");
	const moved = (amount: string | undefined, fits: (t: Transfer) => boolean) =>
		amount !== undefined && adds(transfers.filter(fits), amount);
	if (kind === "swap") return moved(details["paid"], (t) => t.to === contract) && moved(details["got"], (t) => t.from === contract);
	const isNamed = (t: Transfer) => movesNamed(details["token"], t) !== false;
	if (kind === "bridge-out") return moved(details["amount"], (t) => isNamed(t) && (t.to === contract || t.kind === "burn"));
	return moved(details["amount"], (t) => isNamed(t) && t.to === account);
}

/** True when one of the transfers is of this amount, or all of one asset together: a token may keep a part of every transfer for others. */
function adds(transfers: readonly Transfer[], amount: string): boolean {
	if (transfers.some((t) => t.amount.toString() === amount)) return true;
	const byAsset = groupBy(transfers, (t) => t.asset);
	return [...byAsset.values()].some((own) => own.reduce((sum, t) => sum + t.amount, 0n).toString() === amount);
}

function detectionFrom(
	kind: "bridge" | "dex-pool",
	account: AccountId,
	{ protocol, moved, looked, evidence }: Contract,
	p: DetectionParameters,
): Detection | undefined {
	return detectionOf(
		{
			account,
			kind,
			tier: "structural",
			heuristic: kind,
			version: kind === "bridge" ? 2 : 1,
			parameters: { events: String(p.contractEvents), lookedAt: String(LOOKED_AT) },
			source: `events as the contracts of ${protocol} declare them`,
			evidence,
		},
		[
			must(`${moved} of ${looked} ${protocol} events moved what they say`, moved >= p.contractEvents),
			surer("every event that was looked at moved what it says", moved === looked),
			surer("ten such events or more", moved >= 10),
		],
	);
}
