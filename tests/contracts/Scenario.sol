// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

/// What the end-to-end test plays with: the smallest contracts that move value in each way a trace must follow.
contract Token {
    string public constant symbol = "LOOT";
    uint8 public constant decimals = 6;
    mapping(address => uint256) public balanceOf;
    event Transfer(address indexed from, address indexed to, uint256 value);

    constructor(uint256 supply) {
        balanceOf[msg.sender] = supply;
        emit Transfer(address(0), msg.sender, supply);
    }

    function transfer(address to, uint256 value) external returns (bool) {
        balanceOf[msg.sender] -= value;
        balanceOf[to] += value;
        emit Transfer(msg.sender, to, value);
        return true;
    }
}

/// Passes its value on in thirds: two to the first, one to the second.
contract Splitter {
    function split(address payable first, address payable second) external payable {
        first.transfer((msg.value / 3) * 2);
        second.transfer(msg.value - (msg.value / 3) * 2);
    }
}

/// Sells tokens for ether at a fixed rate; refuses odd amounts of wei.
contract Shop {
    Token private immutable token;
    uint256 private constant WEI_PER_UNIT = 1e10;

    constructor(Token t) {
        token = t;
    }

    function buy() external payable {
        require(msg.value % 2 == 0, "odd");
        token.transfer(msg.sender, msg.value / WEI_PER_UNIT);
    }
}
