"""What each page shows; a module has the name of its page in `pages/`."""
