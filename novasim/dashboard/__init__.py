"""The command `novasim dashboard`: Horizon, OpenStack's dashboard, in front of simulated clouds."""
