"""The pages. They read; whatever changes places goes through the services."""
