from stickgen.core.testing import ExporterContract


class TestTemplate(ExporterContract):
    name = "template"
