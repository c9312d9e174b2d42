"""The live takeover, tested beside sellers that keep selling."""
