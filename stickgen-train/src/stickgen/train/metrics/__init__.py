"""Measurements of motion, one module each (entry points ``stickgen.metrics``)."""
