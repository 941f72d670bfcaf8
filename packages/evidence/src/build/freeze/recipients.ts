import { readFileSync } from "node:fs";
import { type AssetId, InputError, parseAsset, shapeProblem } from "@clew/core";
import { z } from "zod";

const line = z
	.string()
	.max(500)
	.regex(/^[^\r\n]*$/, "must be one line");

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
	let value: unknown;
	try {
		value = JSON.parse(readFileSync(path, "utf8"));
	} catch (cause) {
		throw new InputError(`cannot be read as JSON: ${(cause as Error).message.slice(0, 120)}`, { where: path, cause });
	}
	const parsed = registrySchema.safeParse(value);
	if (!parsed.success) throw new InputError(shapeProblem(parsed.error, "the registry"), { where: path });
	const known = new Set<string>();
	return parsed.data.recipients.map((one) => {
		const key = one.entity.toLowerCase();
		if (known.has(key)) throw new InputError(`${one.entity} stands there twice`, { where: path });
		known.add(key);
		return { ...one, issued: one.issues.map((asset) => parseAsset(asset, asset.slice(0, asset.indexOf("/")) as never)) };
	});
}
