"""What pyproject.toml cannot say: a built package has include/samples as autodidact/samples."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithSamples(build_py):
    """The packages under include/, and the samples beside them; an editable installation copies nothing."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib, "autodidact", "samples")
            shutil.copytree("include/samples", target, dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithSamples})
