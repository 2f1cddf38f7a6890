#!/usr/bin/env bash
# Install the npm packages that tests marked "external" read our files with, into the folder
# $STICKGEN_NODE (its node_modules): lottie-web, the Khronos glTF validator and three.js. Needs node
# and npm.
set -euo pipefail
: "${STICKGEN_NODE:?set STICKGEN_NODE to a folder for the npm packages}"
packages=(lottie-web@5.13.0 gltf-validator@2.0.0-dev.3.10 three@0.180.0)
if [ "$(cat "$STICKGEN_NODE/installed" 2>/dev/null)" = "${packages[*]}" ]; then
    exit 0
fi
mkdir -p "$STICKGEN_NODE"
npm install --prefix "$STICKGEN_NODE" --no-save --no-audit --no-fund --ignore-scripts \
    --loglevel=error "${packages[@]}"
echo "${packages[*]}" > "$STICKGEN_NODE/installed"
