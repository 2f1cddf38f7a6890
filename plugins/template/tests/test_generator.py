from stickgen.core.testing import GeneratorContract


class TestTemplate(GeneratorContract):
    name = "template"
