"""Voting on what the club reads next: rounds, nominations, ballots and the count."""
