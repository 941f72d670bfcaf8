import { addReader } from "../../packages/chains/src/families.js";
import { addFamily } from "../../packages/core/src/chain-family/registry.js";
import { addVerifiedFamily } from "../../packages/evidence/src/verify/chain-family/registry.js";
import { TOY } from "./family.js";
import { TOY_READER } from "./reader.js";
import { TOY_VERIFIED } from "./verified.js";

/** Makes the made-up chain one that Clew follows, in this process. */
export function registerToy(): void {
	addFamily(TOY);
	addReader(TOY_READER);
	addVerifiedFamily(TOY_VERIFIED);
}
