import {
	type AccountId,
	type AssetId,
	formatPosition,
	freezableToken,
	type Hash,
	minAmount,
	type Position,
	sha256Hex,
	type TraceResult,
} from "@clew/core";
import { foldLedger, type RecoveryEntry, type RequestState } from "@clew/recovery";
import type { KeptLedger, NewEntry } from "./ledger.js";

/** What the chain shows that was done to money of the case. */
export interface SeenAct {
	readonly kind: "frozen" | "released" | "destroyed" | "returned";
	/** Where the money lay; of what was given back who paid it. */
	readonly account: AccountId;
	readonly asset: AssetId;
	/** Base units; of a freeze all that the account held. Undefined of a release, which frees all. */
	readonly amount: bigint | undefined;
	readonly victim?: string;
	readonly height: number;
	readonly position: Position;
	readonly hash: Hash;
	readonly by: AccountId | undefined;
	/** ISO day. */
	readonly on: string;
	readonly tier: "proven" | "node";
	/** Canonical JSON. */
	readonly proof: string | undefined;
}

/**
 * Entries for what the ledger has not, each linked to the request that asks for that money: an entry that rests on a document alone is
 * replaced by one that keeps the document and is known by the chain. No amount goes beyond what its request can hold; `notes` say what
 * was cut or left out, and why.
 */
export function entriesOf(
	ledger: KeptLedger,
	trace: Pick<TraceResult, "id" | "chain">,
	acts: readonly SeenAct[],
	by: string | undefined,
): { entries: readonly NewEntry[]; notes: readonly string[] } {
	const entries: NewEntry[] = [];
	const notes: string[] = [];
	for (const act of acts) {
		const position = formatPosition(act.position);
		const so = [...ledger.entries, ...entries.map((entry, i) => asLogged(entry, ledger.entries.length + i + 1))];
		if (so.some(({ transaction }) => transaction?.chain === trace.chain && transaction.position === position)) continue;
		const { requests, returned } = foldLedger(so, ledger.limits);
		const request = requestFor(requests, act, trace.id);
		const stated = request?.entries.find(
			({ kind, transaction, victim }) =>
				kind === act.kind && transaction === undefined && (act.kind !== "returned" || victim === act.victim),
		);
		const most = roomFor(act, request, requests, ledger, trace, stated, returned);
		const amount = act.amount === undefined ? most : minAmount(act.amount, most);
		const words = `${act.kind} in ${act.hash}`;
		if (amount === 0n) {
			notes.push(`${words}: nothing of it is left that the ledger does not have already, so it is not logged`);
			continue;
		}
		if (act.amount !== undefined && amount < act.amount)
			notes.push(`${words}: ${act.amount} moved or lay there, of which ${amount} are of this case`);
		entries.push({
			...{ on: act.on, kind: act.kind, request: request?.id ?? newId(requests), tier: act.tier, trace: request?.trace ?? trace.id },
			...{
				party: request?.party ?? freezableToken(act.asset)?.issuer ?? "issuer",
				account: request?.account ?? act.account,
				asset: act.asset,
			},
			...{ amount: amount.toString(), transaction: { chain: trace.chain, hash: act.hash, position } },
			...(act.victim === undefined ? {} : { victim: act.victim }),
			...(act.proof === undefined ? {} : { proof: sha256Hex(act.proof) }),
			...(stated === undefined ? {} : { corrects: stated.sequence }),
			...(stated?.document === undefined ? {} : { document: stated.document }),
			...(stated?.deadlines === undefined ? {} : { deadlines: stated.deadlines }),
			...(by === undefined ? {} : { by }),
		});
	}
	return { entries, notes };
}

function asLogged(entry: NewEntry, sequence: number): RecoveryEntry {
	return { schema: "clew.recovery-entry/1", sequence, at: "", ...entry };
}

function newId(requests: readonly RequestState[]): string {
	let number = 1;
	while (requests.some(({ id }) => id === `seen-${number}`)) number++;
	return `seen-${number}`;
}

/** The request for the money of an act: its issuer's own first; of what came back one from which it can have come. */
function requestFor(requests: readonly RequestState[], act: SeenAct, trace: string): RequestState | undefined {
	const mine = requests.filter(({ asset, account, trace: of, pools }) => {
		if (asset !== act.asset) return false;
		return act.kind === "returned"
			? pools.destroyed + pools.seized > 0n || account === act.account
			: account === act.account && of === trace;
	});
	const issuer = freezableToken(act.asset)?.issuer;
	return mine.find(({ party, desk }) => party === issuer || desk === issuer) ?? mine[0];
}

function roomFor(
	act: SeenAct,
	request: RequestState | undefined,
	requests: readonly RequestState[],
	{ limits }: KeptLedger,
	trace: Pick<TraceResult, "id" | "chain">,
	stated: RecoveryEntry | undefined,
	returned: readonly { readonly victim: string; readonly asset: string; readonly amount: bigint }[],
): bigint {
	const before = BigInt(stated?.amount ?? "0");
	const { open = 0n, frozen = 0n, seized = 0n, destroyed = 0n } = request?.pools ?? {};
	if (act.kind === "released") return stated === undefined ? frozen : before;
	if (act.kind === "returned") {
		const taken = limits.taken.find(({ victim, asset }) => victim === act.victim && asset === act.asset)?.amount ?? 0n;
		const got = returned.find(({ victim, asset }) => victim === act.victim && asset === act.asset)?.amount ?? 0n;
		return request === undefined ? 0n : minAmount(taken - got + before, destroyed + seized + before);
	}
	const place = limits.traced.find((sum) => sum.trace === trace.id && sum.account === act.account && sum.asset === act.asset);
	const limit = request?.rule === undefined ? place?.most : place?.byRule[request.rule];
	const secured = requests
		.filter((one) => one.trace === trace.id && one.account === act.account && one.asset === act.asset)
		.reduce((sum, { asked, pools }) => sum + asked - pools.open, 0n);
	const room = (limit ?? 0n) - secured + before;
	if (stated !== undefined) return minAmount(before, room);
	const inside = request === undefined || request.unasked ? room : minAmount(room, open);
	return act.kind === "frozen" ? inside : frozen + inside;
}
