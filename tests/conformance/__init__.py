"""Replays recordings of Nova into the API's entry point and counts where the answers agree."""
