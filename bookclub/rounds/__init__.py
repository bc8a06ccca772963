"""Votes on the club's next book: rounds, nominations, ballots and results."""
