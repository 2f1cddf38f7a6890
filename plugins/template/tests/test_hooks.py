from stickgen.core import provenance
from stickgen_template import __version__


def test_every_file_names_this_plugin():
    assert provenance.collect()["stickgen-plugin-template"] == __version__
