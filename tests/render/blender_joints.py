"""Run inside Blender: import a BVH or GLB file and write where its bones are in one frame.

``blender -b --factory-startup --python blender_joints.py -- FILE OUT.json FRAME``. The places are
turned back from Blender's z up to y up.
"""

import builtins
import json
import pathlib
import sys

import bpy

source, out, frame = sys.argv[sys.argv.index("--") + 1 :]

# Blender 3.4 opens BVH files in the mode "rU", which Python 3.11 no longer has.
_open = builtins.open
builtins.open = lambda file, mode="r", *rest, **more: _open(
    file, mode.replace("U", ""), *rest, **more
)

bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
if source.endswith(".bvh"):
    bpy.ops.import_anim.bvh(filepath=source, update_scene_fps=True)
    first = 1
else:
    scene.render.fps = 25
    bpy.ops.import_scene.gltf(filepath=source, import_shading="SMOOTH")
    first = 0
scene.frame_set(first + int(frame))
actors = []
for thing in bpy.data.objects:
    if thing.type == "ARMATURE":
        places = {bone.name: thing.matrix_world @ bone.head for bone in thing.pose.bones}
        actors.append({name: [p[0], p[2], -p[1]] for name, p in places.items()})
told = {"fps": scene.render.fps / scene.render.fps_base, "actors": actors}
pathlib.Path(out).write_text(json.dumps(told))
