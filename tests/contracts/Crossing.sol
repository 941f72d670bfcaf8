// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

interface Erc20 {
    function transfer(address to, uint256 amount) external returns (bool);
}

/// Moves money and logs what it is told to log: a bridge, a pool, or a liar, as the test wants.
contract Crossing {
    function take(bytes32[4] memory topics, bytes memory data) external payable {
        log(topics, data);
    }

    function give(address payable to, bytes32[4] memory topics, bytes memory data) external payable {
        (bool done, ) = to.call{value: msg.value}("");
        require(done);
        log(topics, data);
    }

    function swap(address token, address to, uint256 amount, bytes32[4] memory topics, bytes memory data) external payable {
        Erc20(token).transfer(to, amount);
        log(topics, data);
    }

    function log(bytes32[4] memory topics, bytes memory data) private {
        bytes32 a = topics[0];
        bytes32 b = topics[1];
        bytes32 c = topics[2];
        bytes32 d = topics[3];
        if (d == 0) {
            assembly { log3(add(data, 32), mload(data), a, b, c) }
        } else {
            assembly { log4(add(data, 32), mload(data), a, b, c, d) }
        }
    }
}
