import { type AccountId, comparePositions, defang, displayAddress, InputError, parsePosition, type TraceEdge } from "@clew/core";
import type { MembersView, RowsView, RowView } from "./model.js";
import { amountText, inWords, rangeText, sumOf } from "./money.js";
import type { Picture } from "./picture.js";
import type { Query } from "./query.js";
import { GROUP, groupName } from "./units.js";

/** Rows and accounts that a page has. */
const PAGE = 50;

/**
 * The rows of one arrow (`from`, `to`, `of`, `into`), or all that touch a box (`node`), in position order, a page from `cursor` on; also
 * those that are not drawn since they carry nothing under the figure. Throws InputError.
 */
export function rowsView(picture: Picture, { from, to, of, into, node, cursor }: Query<"rows">): RowsView {
	const { boxOf, rows, accounts, figure } = picture;
	if ((node === undefined) === (from === undefined || to === undefined || of === undefined))
		throw new InputError("name an arrow by from, to and of, or a box by node");
	const matching =
		node !== undefined
			? rows.filter((row) => boxOf(row.from) === node || boxOf(row.to) === node)
			: rows.filter((row) => boxOf(row.from) === from && boxOf(row.to) === to && row.asset === of && row.into?.asset === into);
	const inOrder = matching
		.map((row) => ({ row, at: parsePosition(row.position) }))
		.sort((a, b) => comparePositions(a.at, b.at) || a.row.row - b.row.row);
	const [position, number] = cursorOf(cursor);
	const start = position === undefined ? 0 : inOrder.findIndex(({ row, at }) => (comparePositions(at, position) || row.row - number) >= 0);
	const page = start < 0 ? [] : inOrder.slice(start, start + PAGE);
	const next = start < 0 ? undefined : inOrder[start + PAGE];
	return {
		rows: page.map(({ row }) => rowView(row)),
		of: inOrder.length,
		next: next === undefined ? null : `${next.row.position}-${next.row.row}`,
	};

	function rowView(row: TraceEdge): RowView {
		const { assets } = accounts.result;
		const sum = sumOf([row], figure);
		const range = rangeText(assets, row.asset, sum);
		return {
			row: row.row,
			position: row.position,
			time: row.time,
			hash: defang(row.txHash),
			kind: row.kind,
			from: defang(displayAddress(row.from as AccountId)),
			to: defang(displayAddress(row.to as AccountId)),
			asset: row.asset,
			moved: inWords(assets, row.asset, BigInt(row.amount)),
			baseUnits: row.amount,
			traced: amountText(assets, row.asset, sum.amount),
			...(range === undefined ? {} : { range }),
			...(row.into === undefined ? {} : { into: inWords(assets, row.into.asset, sumOf([row.into], figure).amount) }),
			provenance: row.provenance,
			source: defang(row.source),
		};
	}
}

/** A place in the order of rows: a position and a row, which two rows of an exchange share. */
function cursorOf(cursor: string | undefined): readonly [ReturnType<typeof parsePosition> | undefined, number] {
	if (cursor === undefined) return [undefined, 0];
	const [position = "", row = "0"] = cursor.split("-");
	if (!/^\d{1,9}$/.test(row)) throw new InputError("the page begins at no row");
	return [parsePosition(position), Number(row)];
}

/** The accounts of a box that are several, in the order of their ids. Throws InputError where the picture has no such box. */
export function membersView({ accounts, boxes }: Picture, id: string, cursor: string | undefined): MembersView {
	const all = boxes.get(id);
	if (all === undefined || !id.startsWith(GROUP)) throw new InputError("the picture has no such box");
	const start = cursor === undefined ? 0 : Math.max(0, all.indexOf(cursor));
	const { result, leaves, entities } = accounts;
	return {
		id,
		name: defang(groupName(accounts, id, all)),
		members: all.slice(start, start + PAGE).map((account) => ({
			id: account,
			name: defang(entities.get(account) ?? ""),
			address: defang(displayAddress(account as AccountId)),
			ends: (leaves.get(account) ?? []).flatMap((place) => {
				const leaf = result.leaves[place];
				const [asset = ""] = Object.keys(leaf?.amounts ?? {});
				return leaf === undefined
					? []
					: [
							`${leaf.stop.reason}: agreed ${inWords(result.assets, asset, BigInt(leaf.agreed))}, at most ${amountText(result.assets, asset, BigInt(leaf.range[1]))}`,
						];
			}),
		})),
		of: all.length,
		next: all[start + PAGE] ?? null,
	};
}
