"""Pure rules: no Django, no database, no clock. The oracle of the property tests."""
