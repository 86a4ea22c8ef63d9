# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of Sphinx for the documentation site. `make docs` runs it offline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.application import Sphinx

GALAXY = yaml.safe_load(Path(__file__, "../../../galaxy.yml").resolve().read_text("utf-8"))

# Labels of the Ansible documentation that the generated pages use. It is not read here.
ANSIBLE = "https://docs.ansible.com/projects/ansible/latest/reference_appendices"
LABELS = {
    "ansible_configuration_settings": f"{ANSIBLE}/config.html#ansible-configuration-settings",
    "common_return_values": f"{ANSIBLE}/common_return_values.html#common-return-values",
}

project = f"{GALAXY['namespace']}.{GALAXY['name']}"
author = f"{project} contributors"
project_copyright = f"2026, {author}"
version = release = GALAXY["version"]

extensions = ["sphinx_antsibull_ext"]
# This page only states that no plugin declares an environment variable.
exclude_patterns = ["environment_variables.rst"]
default_role = "any"
highlight_language = "text"
pygments_style = "ansible"

html_theme = "sphinx_ansible_theme"
html_theme_options = {
    "navigation_depth": 2,
    "titles_only": True,
    "topbar_links": {
        "Repository": GALAXY["repository"],
        "Issues": GALAXY["issues"],
        "Ansible's documentation": "https://docs.ansible.com/",
    },
}
html_static_path = ["static"]
html_css_files = ["site.css"]
html_title = f"{project} {version}"
html_short_title = project
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_use_index = False


def setup(app: Sphinx) -> None:
    app.connect("missing-reference", resolve_ansible_label)
    app.connect("html-page-context", set_home_link)


def resolve_ansible_label(
    _app: Sphinx, _env: Any, node: Any, text: nodes.TextElement
) -> nodes.reference | None:
    """Return a link to Ansible's documentation, for one of its labels."""
    address = LABELS.get(node["reftarget"])
    return address and nodes.reference("", "", text, internal=False, refuri=address)


def set_home_link(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: object
) -> None:
    """Link the logo to the front page. The theme supports only absolute URLs."""
    context["theme_documentation_home_url"] = context["pathto"](context["root_doc"])
