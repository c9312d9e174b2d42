"""What management sends and gets over the wire, one file a subject."""
