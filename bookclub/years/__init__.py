"""The year: what each member and the club read in it, in figures."""
