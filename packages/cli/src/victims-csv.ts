import {
	type AccountId,
	type AssetId,
	type AssetInfo,
	csvLine,
	defang,
	displayAddress,
	formatAmount,
	formatPosition,
	isNative,
	isoTime,
	KNOWN_TOKENS,
} from "@clew/core";
import type { Victim, VictimPayment } from "@clew/workers";

const COLUMNS = [
	"seed",
	"victim",
	"time_utc",
	"transaction",
	"to",
	"asset",
	"symbol",
	"amount_base_units",
	"amount",
	"lure",
	"let_or_imitated",
	"returned_to_victim_base_units",
	"note",
] as const;

/** What a row needs besides its victim. */
export interface VictimFacts {
	readonly assets: Readonly<Record<string, Pick<AssetInfo, "symbol" | "decimals">>>;
	/** Unix seconds of a height; undefined where the case does not tell. */
	readonly timeAt: (height: number) => number | undefined;
	/** Names nobody: victims are numbered, and what leads to them is left out. */
	readonly redact: boolean;
}

/** One line a payment, RFC 4180; the first column is a seed that `clew trace --seed @FILE` takes. */
export function victimsCsv(victims: readonly Victim[], facts: VictimFacts): string {
	const numbers = new Map([...new Set(victims.map(({ account }) => account))].map((account, i) => [account, i + 1]));
	const lines = victims.flatMap((victim) =>
		victim.payments.map((payment) => csvLine(cells(victim, payment, `victim ${numbers.get(victim.account)}`, facts))),
	);
	return [csvLine(COLUMNS), ...lines].join("");
}

function cells(victim: Victim, { transfer, lure, by }: VictimPayment, number: string, { assets, timeAt, redact }: VictimFacts): string[] {
	const { asset, amount, position, to, txHash } = transfer;
	const info = assets[asset];
	const time = timeAt(position.height);
	const said = time === undefined ? "" : isoTime(time);
	return [
		redact ? "withheld" : `transfer:${formatPosition(position)}`,
		redact ? number : displayAddress(victim.account),
		// A second names a payment among those of its receiver.
		redact ? said.slice(0, 10) : said,
		redact ? "withheld" : txHash,
		displayAddress(to),
		asset,
		// Whoever makes a token writes its symbol: a victim's address may stand there.
		redact && !isPublished(asset) ? "" : defang(info?.symbol ?? ""),
		amount.toString(),
		info === undefined ? "" : formatAmount(amount, info.decimals),
		lure,
		by === undefined || redact ? "" : displayAddress(by as AccountId),
		victim.returned.toString(),
		notesOf(victim).join("; "),
	];
}

const isPublished = (asset: AssetId): boolean => isNative(asset) || KNOWN_TOKENS.has(asset);

/** Of who paid a collector before anybody else did. */
export const FIRST_NOTE = "the first to pay it: perhaps its owner (a lead)";
export const UNBACKED_NOTE =
	"by the case it never had what it paid: its history is not whole, or the token's contract tells what did not happen";
const UNREAD_NOTE = "its own history is not in the case: a look-alike that it had paid would not be seen";

/** What a reader of a victim must know. */
function notesOf({ isFirst, isRead, isUnbacked }: Victim): string[] {
	return [...(isFirst ? [FIRST_NOTE] : []), ...(isUnbacked ? [UNBACKED_NOTE] : []), ...(isRead ? [] : [UNREAD_NOTE])];
}
