"""The old app; its label is `events`, as Fullhouse's is."""
