"""Pure code: no Flask, no database, no clock."""
