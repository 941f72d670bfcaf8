import { type AssetId, FREEZABLE_TOKENS, groupBy, InputError, parseAsset, sameOwner } from "@clew/core";
import { z } from "zod";
import { LOOKS_BLANK, looksBlank } from "../bundle/blank-mark.js";
import { readJsonFile } from "../bundle/json-file.js";
import { type Desk, deskOf, namesOf } from "./desks.js";

const line = z
	.string()
	.max(500)
	.regex(/^[^\r\n]*$/, "must be one line")
	.refine((text) => !looksBlank(text), LOOKS_BLANK);

const recipientSchema = z.strictObject({
	/** As labels name it (case does not matter); for an issuer any name. */
	entity: line.min(1),
	/** Legal name; the entity when empty. */
	name: line.default(""),
	address: line.default(""),
	/** How requests are taken: portal, mail address, form. */
	channel: line.default(""),
	/** Where it is, for the office that has to pass the request on. */
	country: line.optional(),
	/** Tokens that it issues and can freeze: CAIP-19 ids. */
	issues: z.array(z.string()).default([]),
});
const registrySchema = z.strictObject({ schema: z.literal("clew.recipients/1"), recipients: z.array(recipientSchema) });

/** Whom requests go to, as the user keeps it. */
export interface Recipient extends z.infer<typeof recipientSchema> {
	readonly issued: readonly AssetId[];
	/** Of an issuer that the tables name and the user does not: how it takes requests by its own page. */
	readonly desk?: Desk | undefined;
}

/** Reads a registry of recipients (docs/freeze.md). Throws InputError with the place. */
export function readRecipients(path: string): readonly Recipient[] {
	const data = readJsonFile(path, registrySchema, "the registry");
	const known = new Set<string>();
	return data.recipients.map((one) => {
		const key = one.entity.toLowerCase();
		if (known.has(key)) throw new InputError(`${one.entity} stands there twice`, { where: path });
		known.add(key);
		return { ...one, issued: one.issues.map((asset) => parseAsset(asset, asset.slice(0, asset.indexOf("/")) as never)) };
	});
}

/**
 * The desk of an entity that ships with Clew, where a registry names nobody who may well be that entity: else the registry's word stands.
 */
export function deskBeside(recipients: readonly Recipient[], entity: string): Desk | undefined {
	const desk = deskOf(entity);
	const names = desk === undefined ? [entity] : [entity, ...namesOf(desk)];
	return recipients.some((one) => names.some((name) => sameOwner(one.entity, name))) ? undefined : desk;
}

/**
 * A registry with the issuers of tokens whose contracts the tables hold, for those tokens of which it names no issuer itself. Where it has
 * the issuer, its own words on how to reach it stand; else those of its desk, where one ships with Clew.
 */
export function withKnownIssuers(recipients: readonly Recipient[]): readonly Recipient[] {
	const named = new Set<AssetId>(recipients.flatMap(({ issued }) => issued));
	const others = groupBy(
		FREEZABLE_TOKENS.filter(({ asset }) => !named.has(asset)),
		({ issuer }) => issuer,
	);
	const own = recipients.map((one) => {
		const more = [...others].find(([issuer]) => issuer.toLowerCase() === one.entity.toLowerCase());
		if (more === undefined) return one;
		others.delete(more[0]);
		return { ...one, issued: [...one.issued, ...more[1].map(({ asset }) => asset)] };
	});
	const known = [...others].map(([entity, tokens]) => {
		const issued = tokens.map(({ asset }) => asset);
		return { entity, name: "", address: "", channel: "", issues: [...issued], issued, desk: deskBeside(recipients, entity) };
	});
	return [...own, ...known];
}
