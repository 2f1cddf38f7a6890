"""The static text encoder of stickgen: sentence vectors without torch or a download."""
