"""How a test writes a review."""

FORM = {
    "title": "Handsome, clever, and rich",
    "summary": "A heroine whom nobody will much like.",
    "body": "I liked her *very* much.",
    "rating": "4.5",
    "horizon": "0",
}


def publish(client, book, **fields):
    return client.post(f"/books/{book.slug}/reviews/new", data={**FORM, **fields})


def rewrite(client, review, **fields):
    return client.post(f"/reviews/{review.id}/edit", data={**FORM, **fields})
