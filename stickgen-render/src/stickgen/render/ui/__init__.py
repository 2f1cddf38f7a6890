"""``stickgen ui``: a page on this computer to type a prompt into and see what becomes of it."""
