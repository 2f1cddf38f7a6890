"""The player: one HTML page that plays a scene anywhere, without a network."""
