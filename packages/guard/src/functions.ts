import { Interface } from "ethers";
import { HANDINGS } from "./control.js";

/** Functions that move, or let somebody move, what the caller has; EIP-20, EIP-721, EIP-1155, EIP-2612, DAI, Permit2, multicalls. */
export const KNOWN = new Interface([
	"function transfer(address to, uint256 amount)",
	"function transferFrom(address from, address to, uint256 amount)",
	"function safeTransferFrom(address from, address to, uint256 id)",
	"function safeTransferFrom(address from, address to, uint256 id, bytes data)",
	"function safeTransferFrom(address from, address to, uint256 id, uint256 amount, bytes data)",
	"function safeBatchTransferFrom(address from, address to, uint256[] ids, uint256[] amounts, bytes data)",
	"function approve(address spender, uint256 amount)",
	"function approve(address token, address spender, uint160 amount, uint48 expiration)",
	"function increaseAllowance(address spender, uint256 amount)",
	"function increaseApproval(address spender, uint256 amount)",
	"function setApprovalForAll(address operator, bool approved)",
	"function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)",
	"function permit(address holder, address spender, uint256 nonce, uint256 expiry, bool allowed, uint8 v, bytes32 r, bytes32 s)",
	"function permit(address owner, ((address token, uint160 amount, uint48 expiration, uint48 nonce) details, address spender, uint256 sigDeadline) permitSingle, bytes signature)",
	"function permit(address owner, ((address token, uint160 amount, uint48 expiration, uint48 nonce)[] details, address spender, uint256 sigDeadline) permitBatch, bytes signature)",
	"function multicall(bytes[] data)",
	"function multicall(uint256 deadline, bytes[] data)",
	"function aggregate3((address target, bool allowFailure, bytes callData)[] calls)",
	"function execute(address to, uint256 value, bytes data)",
	"function executeBatch((address to, uint256 value, bytes data)[] calls)",
	"function executeBatch(address[] to, bytes[] data)",
	"function executeBatch(address[] to, uint256[] value, bytes[] data)",
	"function execute(bytes32 mode, bytes executionData)",
	"function multiSend(bytes transactions)",
	"function multicall(bytes32 previousBlockhash, bytes[] data)",
	"function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures)",
	"function permit(address owner, address spender, uint256 value, uint256 deadline, bytes signature)",
	"function execute(bytes commands, bytes[] inputs)",
	"function execute(bytes commands, bytes[] inputs, uint256 deadline)",
	...HANDINGS.map(({ signature }) => `function ${signature}`),
]);

/** How many of a function's first arguments are addresses; 0 for one that is not known. */
export function leadingAddresses(selector: string): number {
	const inputs = KNOWN.getFunction(selector)?.inputs ?? [];
	const other = inputs.findIndex(({ type }) => type !== "address");
	return other < 0 ? inputs.length : other;
}
