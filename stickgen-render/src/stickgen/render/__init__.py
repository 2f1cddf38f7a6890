"""Renderers, styles and exporters: scenes in, pictures out.

**How a picture comes about**
    `stickgen.render.figure` turns a motion into drawn anatomy (feet, head directions, faces),
    `stickgen.render.camera` frames it, `stickgen.render.shot` holds both ready for drawing, a
    style of `stickgen.render.styles` writes one display list a frame
    (`stickgen.render.display`), and a backend (`stickgen.render.cairo`,
    `stickgen.render.pillow`) paints it.
"""
