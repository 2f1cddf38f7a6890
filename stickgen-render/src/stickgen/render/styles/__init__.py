"""Ways of drawing: what a style offers (`base`) and the styles themselves, one module each."""
