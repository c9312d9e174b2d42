"""A rehearsal: every phase of a live takeover on a copy, beside sellers that keep a journal.

`rehearsal.rehearse` puts it together: a scratch database (`scratch`), sellers (`market`, `seller`),
the phases (`phases`) and what must hold in the end (`proofs`). The source is only read.
"""
