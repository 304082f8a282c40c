"""Marquee: the entry point, which shows the sidebar and the page that is asked for."""

import streamlit as st

from genre_core.errors import GenreCoreError
from genre_core.ui import server
from genre_core.ui.frame import shell
from genre_core.ui.parts import address, export, notices

if __name__ == "__main__":
    page = shell.navigation()
    try:
        shell.open_sidebar()
        page.run()
        export.offer()
    except GenreCoreError as error:
        notices.problem(error)
    finally:
        address.keep()
else:  # `streamlit run` finds this, and serves the script behind the guard
    app = st.App(__file__, middleware=server.middleware())
