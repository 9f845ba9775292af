"""The live page: servers on the picture of the lifecycle. Only a request below /live imports it."""
