"""What axe-core complains of on a page."""

import pytest

pytest.importorskip("axe_playwright_python")
from axe_playwright_python.sync_playwright import Axe

# Markup of Streamlit that is not ours to mend, with the rules that it breaks: on a phone the
# navigation is a list in the sidebar with sections between the items, and where files are dropped
# is a button with the role of a picture.
NOT_OURS = {
    "[data-testid=stSidebarNavItems]": ("list", "listitem"),
    "[data-testid=stFileUploaderDropzone]": ("presentation-role-conflict",),
}


def violated(page):
    """Return the rules that are broken, with the nodes and what was measured there."""
    rules = Axe().run(page, context={"exclude": [[node] for node in NOT_OURS]})
    found = rules.response["violations"]
    for node, names in NOT_OURS.items():
        if page.locator(node).count():
            without = {"rules": {name: {"enabled": False} for name in names}}
            there = Axe().run(page, context={"include": [[node]]}, options=without)
            found += there.response["violations"]
    return [
        (rule["id"], [(node["html"][:200], node["any"][:1]) for node in rule["nodes"]])
        for rule in found
    ]
