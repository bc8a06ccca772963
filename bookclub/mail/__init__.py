"""Transport and outbox of mail. Who is told what is decided elsewhere."""
