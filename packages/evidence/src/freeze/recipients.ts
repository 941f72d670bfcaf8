import { type AssetId, InputError, parseAsset } from "@clew/core";
import { z } from "zod";
import { LOOKS_BLANK, looksBlank } from "../bundle/blank-mark.js";
import { readJsonFile } from "../bundle/json-file.js";

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
	/** Tokens that it issues and can freeze: CAIP-19 ids. */
	issues: z.array(z.string()).default([]),
});
const registrySchema = z.strictObject({ schema: z.literal("clew.recipients/1"), recipients: z.array(recipientSchema) });

/** Whom requests go to, as the user keeps it. */
export interface Recipient extends z.infer<typeof recipientSchema> {
	readonly issued: readonly AssetId[];
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
