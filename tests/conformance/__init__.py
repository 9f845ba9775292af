"""Replays recordings of Nova into the one door and counts where the answers agree."""
