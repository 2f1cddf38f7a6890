"""Measuring generators: what is compared, with what, and by whom (see ``stickgen eval``)."""
