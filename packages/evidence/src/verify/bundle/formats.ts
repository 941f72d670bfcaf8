import { isHex } from "../encoding/bytes.js";
import { badPath } from "../encoding/paths.js";
import { int, is, list, object, record, type Shape, text } from "../encoding/shape.js";
import type { LabelDates } from "../trace/label-dates.js";

/** The verifier's own reading of a bundle's files: it trusts no type of the builder. */

const MAX_TEXT = 10_000;

export const integer = text(/^(0|[1-9][0-9]{0,79})$/);
export const amounts = record(integer);
export const position = text(/^(0|[1-9][0-9]{0,9})\.(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})$/);
export const outpoint = text(/^[0-9a-f]{64}:(0|[1-9][0-9]{0,4})$/);
export const sha256 = text(/^[0-9a-f]{64}$/);
/** A hash of whatever chain; its chain alone tells which form it has. */
export const hash = text(/^(0x)?[0-9a-f]{64}$/);
const evmHash = text(/^0x[0-9a-f]{64}$/);
const hex: Shape = (value, where) =>
	typeof value === "string" && isHex(value.startsWith("0x") ? value.slice(2) : value) ? undefined : `${where}: not the expected text`;
export const height = text(/^(0|[1-9][0-9]{0,9})$/);
/** Text that people wrote, hostile ones too: any characters, since canonical JSON escapes them and what is shown is made harmless. */
export const line: Shape = (value, path) =>
	typeof value === "string" && value.length <= MAX_TEXT ? undefined : `${path}: not a text of at most ${MAX_TEXT} characters`;
export const byOrigin = list(amounts);

/** What a label says, wherever it stands. */
export const labelWords = {
	entity: text(),
	name: text(),
	category: text(),
	source: text(),
	retrievedAt: text(),
	confidence: int(0, 100),
};

export const path: Shape = (value, where) => {
	const bad = typeof value === "string" ? badPath(value) : "is no text";
	return bad === undefined ? undefined : `${where}: ${bad}`;
};

export const manifestShape = object({
	// Version 2 has neither blocks in rows nor what else the optional fields state: it stays valid as it is.
	schema: is("clew.bundle/2", "clew.bundle/3"),
	case: object({ id: line, title: line, chain: line, createdAt: line }),
	details: object({
		requester: line,
		legalBasis: line,
		jurisdiction: line,
		handling: line,
		"retention?": line,
		"exhibitRule?": line,
		"exhibitReason?": line,
		"statements?": record(line),
		"values?": record(object({ value: line, source: line })),
	}),
	trace: text(/^[0-9a-f]{16}$/),
	"redacted?": line,
	"paper?": object({
		"size?": is("A4", "Letter"),
		"zone?": text(/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/),
		"language?": text(/^[a-z]{2}$/),
	}),
	"direction?": is("backward"),
	"whatIf?": line,
	tool: object({ name: line, version: line, lockSha256: line, configurationSha256: sha256 }),
	rows: object({ count: integer, root: sha256 }),
	files: list(object({ path, bytes: integer, sha256 })),
	seal: sha256,
});

export interface Manifest {
	readonly case: { readonly id: string; readonly title: string; readonly chain: string; readonly createdAt: string };
	readonly details: {
		readonly requester?: string;
		readonly legalBasis?: string;
		readonly jurisdiction?: string;
		readonly handling?: string;
		readonly retention?: string;
		readonly exhibitRule?: string;
		readonly exhibitReason?: string;
		readonly statements?: Readonly<Record<string, string>>;
		readonly values?: object;
	};
	readonly trace: string;
	readonly redacted?: string;
	/** Of a trace that says where money came from. */
	readonly direction?: string;
	readonly whatIf?: string;
	readonly rows: { readonly count: string; readonly root: string };
	readonly files: readonly { readonly path: string; readonly bytes: string; readonly sha256: string }[];
	readonly seal: string;
}

/** What every row says of a movement, in a trace and in a request. */
export const movedFields = {
	row: int(1),
	position,
	time: line,
	txHash: hash,
	from: line,
	to: line,
	asset: line,
	amount: integer,
	tainted: amounts,
	"range?": list(integer, 2, 2),
};

/** Every kind of a movement. */
export const movementKind = is(
	...["native", "internal", "token", "fee", "reward", "withdrawal", "genesis", "fork", "mint", "burn", "spend", "output"],
	...["collected-fee", "conversion"],
);

/** By whom a movement is known, before any proof. */
export const provenance = is("quorum", "node", "node-unverified", "imported");

export const edgeShape = object(
	{
		...movedFields,
		kind: movementKind,
		"outpoint?": outpoint,
		"byOrigin?": byOrigin,
		"into?": object({ asset: line, amount: integer, tainted: amounts, "byOrigin?": byOrigin, "range?": list(integer, 2, 2) }),
		provenance,
		source: line,
		tier: is("structural"),
	},
	"closed",
);

export interface Edge {
	readonly row: number;
	readonly position: string;
	readonly time: string;
	readonly txHash: string;
	readonly from: string;
	readonly to: string;
	readonly asset: string;
	readonly amount: string;
	readonly kind: string;
	readonly outpoint?: string;
	readonly tainted: Amounts;
	readonly byOrigin?: readonly Amounts[];
	/** Least and most over every placing of missing money. */
	readonly range?: readonly [string, string];
	readonly into?: {
		readonly asset: string;
		readonly amount: string;
		readonly tainted: Amounts;
		readonly byOrigin?: readonly Amounts[];
		readonly range?: readonly [string, string];
	};
	readonly provenance: string;
	readonly source: string;
	readonly tier: string;
}

/** Amounts by rule. */
export type Amounts = Readonly<Record<string, string>>;

/** A bridge or a pool that tainted money went through. */
export interface Passage {
	readonly key: string;
	readonly tier: "structural" | "lead";
	readonly paid: Pick<Edge, "position" | "txHash" | "from" | "to" | "asset" | "amount">;
	readonly got?: Passage["paid"];
	/** Of a lead: movements that could be the other side. */
	readonly alternatives?: readonly Passage["paid"][];
	/** What of what came out is tainted, by rule. */
	readonly into?: Amounts;
}

export interface Trace {
	/** Of a trace that says where money came from; another goes forward. */
	readonly direction?: string;
	readonly case: { readonly id: string; readonly title: string };
	readonly chain: string;
	readonly seeds: readonly {
		readonly spec: string;
		readonly origin?: number;
		readonly seeded: Readonly<Record<string, Amounts>>;
		readonly rows: readonly {
			readonly position: string;
			readonly asset: string;
			readonly account: string;
			readonly txHash: string;
			readonly amount: string;
			readonly seeded: Amounts;
			readonly range?: readonly [string, string];
			readonly passage?: string;
		}[];
	}[];
	readonly rules: readonly string[];
	readonly parameters: Readonly<Record<string, string>>;
	readonly assets: Readonly<Record<string, { readonly symbol: string; readonly decimals: number }>>;
	readonly edges: readonly Edge[];
	readonly leaves: readonly {
		readonly account: string;
		readonly labels: readonly (LabelDates & { readonly entity: string; readonly category: string; readonly confidence: number })[];
		readonly stop: { readonly reason: string; readonly detail: string };
		readonly amounts: Readonly<Record<string, Amounts>>;
		readonly byOrigin?: Readonly<Record<string, readonly Amounts[]>>;
		readonly outpoints?: readonly {
			readonly outpoint: string;
			readonly amount: string;
			readonly tainted: Amounts;
			readonly byOrigin?: readonly Amounts[];
		}[];
		readonly agreed: string;
		readonly range: readonly [string, string];
		/** Its range are bounds, also where they are its rules' amounts. */
		readonly open?: true;
		readonly arrivals?: { readonly first: string; readonly last: string; readonly count: number };
	}[];
	readonly passages?: readonly Passage[];
	readonly coverage: {
		readonly cutoff?: string;
		readonly sources: readonly { readonly id: string; readonly kind: string; readonly sha256: string; readonly detail: string }[];
		readonly gaps: readonly {
			readonly kind: string;
			readonly account?: string;
			readonly asset?: string;
			readonly amount?: string;
			readonly balance?: string;
			readonly fromHeight?: string;
			readonly toHeight?: string;
			readonly text: string;
		}[];
	};
	readonly conservation: Audit;
	readonly conservationByOrigin?: readonly Audit[];
}
export type Audit = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;

/** How a row is known. `proven` rows of account chains name the log that shows them, where a log does. */
const known = object({
	tier: is("proven", "quorum", "node", "node-unverified", "imported", "unprovable"),
	"log?": int(0, 1 << 20),
	"block?": hash,
	why: line,
});

/** One line of rows.jsonl: an edge, how it is known, and a salt that keeps a withheld row from being guessed. */
export const rowShape = object({ salt: sha256, edge: edgeShape, known });

export interface BundleRow {
	readonly salt: string;
	readonly edge: Edge;
	readonly known: { readonly tier: string; readonly log?: number; readonly block?: string; readonly why: string };
}

const indices = list(int(0, 1 << 20));

export const evmProofShape = object({
	schema: is("clew.proof.evm/1"),
	chain: line,
	height,
	hash: evmHash,
	header: hex,
	nodes: list(hex),
	transactions: list(object({ hash: evmHash, index: int(0, 1 << 20), transaction: indices, receipt: indices, before: indices })),
});

export interface EvmProof {
	readonly schema: "clew.proof.evm/1";
	readonly chain: string;
	readonly height: string;
	readonly hash: string;
	readonly header: string;
	readonly nodes: readonly string[];
	readonly transactions: readonly {
		readonly hash: string;
		readonly index: number;
		readonly transaction: readonly number[];
		readonly receipt: readonly number[];
		readonly before: readonly number[];
	}[];
}

const branchShape: Shape = object({ txid: sha256, index: int(0, 1 << 24), raw: hex, branch: list(sha256) });

export const bitcoinProofShape = object({
	schema: is("clew.proof.bitcoin/1"),
	chain: line,
	height,
	hash: sha256,
	header: text(/^[0-9a-f]{160}$/),
	coinbase: branchShape,
	transactions: list(branchShape),
});

export interface BitcoinBranch {
	readonly txid: string;
	readonly index: number;
	readonly raw: string;
	readonly branch: readonly string[];
}

export interface BitcoinProof {
	readonly schema: "clew.proof.bitcoin/1";
	readonly chain: string;
	readonly height: string;
	readonly hash: string;
	readonly header: string;
	readonly coinbase: BitcoinBranch;
	readonly transactions: readonly BitcoinBranch[];
}

export const tronProofShape = object({
	schema: is("clew.proof.tron/1"),
	chain: line,
	height,
	hash: sha256,
	header: hex,
	count: int(1, 1 << 14),
	transactions: list(object({ hash: sha256, index: int(0, 1 << 14), raw: hex, branch: list(sha256) })),
});

export interface TronProof {
	readonly schema: "clew.proof.tron/1";
	readonly chain: string;
	readonly height: string;
	readonly hash: string;
	readonly header: string;
	readonly count: number;
	readonly transactions: readonly {
		readonly hash: string;
		readonly index: number;
		readonly raw: string;
		readonly branch: readonly string[];
	}[];
}

export type Proof = EvmProof | BitcoinProof | TronProof;

/** Entries of earlier versions state neither program nor who nor why; where they are there, the hash covers them. */
export const custodyShape = object({
	sequence: int(1),
	at: line,
	action: line,
	detail: text(),
	"with?": line,
	"by?": line,
	"why?": line,
	previous: sha256,
	hash: sha256,
});

export interface CustodyLine {
	readonly sequence: number;
	readonly at: string;
	readonly action: string;
	readonly detail: string;
	readonly previous: string;
	readonly hash: string;
}

export const envelopeShape = object({
	payloadType: is("application/vnd.clew.bundle+json"),
	payload: text(/^[A-Za-z0-9+/=]+$/),
	signatures: list(object({ keyid: sha256, publicKey: sha256, sig: text(/^[A-Za-z0-9+/=]+$/) }), 1),
});

export interface Envelope {
	readonly payloadType: string;
	readonly payload: string;
	readonly signatures: readonly { readonly keyid: string; readonly publicKey: string; readonly sig: string }[];
}

export const disclosureShape = object({
	schema: is("clew.disclosure/1"),
	rows: list(object({ index: int(0), row: rowShape, path: list(sha256) }), 1),
	proofs: list((value, path) =>
		[evmProofShape, tronProofShape].some((shape) => shape(value, path) === undefined) ? undefined : bitcoinProofShape(value, path),
	),
});

export interface Disclosure {
	readonly rows: readonly { readonly index: number; readonly row: BundleRow; readonly path: readonly string[] }[];
	readonly proofs: readonly Proof[];
}

export const balanceShape = object({
	schema: is("clew.proof.balance/1"),
	chain: line,
	height,
	hash: evmHash,
	header: hex,
	account: line,
	balance: integer,
	nodes: list(hex, 1),
});

export interface BalanceProof {
	readonly chain: string;
	readonly height: string;
	readonly hash: string;
	readonly header: string;
	readonly account: string;
	readonly balance: string;
	readonly nodes: readonly string[];
}
