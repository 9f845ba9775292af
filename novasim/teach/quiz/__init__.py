"""Questions about the lifecycle. Every right answer is found by executing requests in memory."""
